#include "daemon/process/system_call_filter.h"

#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "daemon/process/name_services.h"

namespace behalf {
namespace {

// By purpose. Found by strace(1) round the daemon in tests/e2e, which notice what
// is missing.
constexpr const char* kAllowed[] = {
    // memory
    "brk", "madvise", "mremap", "munmap",
    // threads
    "exit", "exit_group", "futex", "gettid", "rseq", "sched_getaffinity", "sched_getparam",
    "sched_getscheduler", "sched_yield", "set_robust_list",
    // signals
    "getpid", "restart_syscall", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn",
    "rt_sigtimedwait",
    // time
    "clock_gettime", "clock_nanosleep",
    // waiting
    "epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_wait", "eventfd2", "poll", "ppoll",
    "timerfd_settime",
    // files
    "close", "fallocate", "fcntl", "fdatasync", "fstat", "fsync", "ftruncate", "getdents64",
    "inotify_add_watch", "inotify_init1", "inotify_rm_watch", "lseek", "newfstatat", "openat",
    "pread64", "pwrite64", "read", "readlink", "readlinkat", "unlink", "unlinkat", "write",
    "writev",
    // sockets
    "accept", "accept4", "connect", "getpeername", "getsockname", "getsockopt", "recvfrom",
    "recvmsg", "sendmmsg", "sendmsg", "sendto", "setsockopt", "shutdown", "socketpair",
    // who and where
    "geteuid", "getrandom", "getuid", "uname"};

// What only an intruder would do here.
constexpr const char* kIntrusions[] = {
    // run a program, or be another process
    "execve", "execveat", "fork", "vfork",
    // look into other processes and into the kernel
    "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp", "perf_event_open",
    "bpf", "userfaultfd", "io_uring_setup",
    // be somebody else
    "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid",
    "setgroups", "capset", "add_key", "request_key", "keyctl",
    // have another view of files
    "mount", "umount2", "pivot_root", "chroot", "fsopen", "fsmount", "move_mount", "open_tree",
    "unshare", "setns", "open_by_handle_at",
    // change the kernel
    "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot",
    "swapon", "swapoff", "acct"};

struct Rule {
  const char* name;
  std::uint32_t action;
  scmp_arg_cmp argument;
};

constexpr scmp_arg_cmp Bits(unsigned position, std::uint64_t mask, std::uint64_t value) {
  return {position, SCMP_CMP_MASKED_EQ, mask, value};
}

// Of an int the kernel sees the lower half only.
constexpr scmp_arg_cmp Is(unsigned position, std::uint64_t value) {
  return Bits(position, 0xffffffff, value);
}

constexpr scmp_arg_cmp Above(unsigned position, std::uint64_t value) {
  return {position, SCMP_CMP_GT, value, 0};
}

constexpr scmp_arg_cmp IsNull(unsigned position) { return {position, SCMP_CMP_EQ, 0, 0}; }

// What depends on one argument, by its position. What no line covers fails as
// all that is not listed.
std::vector<Rule> RulesByArgument() {
  constexpr std::uint32_t no_access = SCMP_ACT_ERRNO(EACCES);
  constexpr std::uint32_t no_family = SCMP_ACT_ERRNO(EAFNOSUPPORT);
  return {
      // Threads, and no processes. glibc falls back to it from clone3, whose
      // arguments no filter sees.
      {"clone", SCMP_ACT_ALLOW, Bits(0, CLONE_THREAD, CLONE_THREAD)},
      {"clone", SCMP_ACT_KILL_PROCESS, Bits(0, CLONE_THREAD, 0)},
      // No new code.
      {"mmap", SCMP_ACT_ALLOW, Bits(2, PROT_EXEC, 0)},
      {"mmap", no_access, Bits(2, PROT_EXEC, PROT_EXEC)},
      {"mprotect", SCMP_ACT_ALLOW, Bits(2, PROT_EXEC, 0)},
      {"mprotect", no_access, Bits(2, PROT_EXEC, PROT_EXEC)},
      // Resolvers ask netlink for the host's addresses, and do without.
      {"socket", SCMP_ACT_ALLOW, Is(0, AF_UNIX)},
      {"socket", SCMP_ACT_ALLOW, Is(0, AF_INET)},
      {"socket", SCMP_ACT_ALLOW, Is(0, AF_INET6)},
      {"socket", no_family, Above(0, AF_INET6)},
      {"ioctl", SCMP_ACT_ALLOW, Is(1, FIONBIO)},
      {"prctl", SCMP_ACT_ALLOW, Is(0, PR_SET_NAME)},
      // Limits are read, not set.
      {"prlimit64", SCMP_ACT_ALLOW, IsNull(2)},
      // abort(3); no other process gets a signal.
      {"tgkill", SCMP_ACT_ALLOW, Is(0, static_cast<std::uint64_t>(getpid()))},
  };
}

using Filter = std::unique_ptr<std::remove_pointer_t<scmp_filter_ctx>,
                               decltype([](scmp_filter_ctx filter) { seccomp_release(filter); })>;

// 0 or a negative errno, as all of libseccomp.
int Add(const Filter& filter, const Rule& rule, unsigned arguments) {
  const int number = seccomp_syscall_resolve_name(rule.name);
  if (number == __NR_SCMP_ERROR) return rule.action == SCMP_ACT_ALLOW ? -ENOSYS : 0;
  return seccomp_rule_add_array(filter.get(), rule.action, number, arguments, &rule.argument);
}

int AddRules(const Filter& filter) {
  int first_error = 0;
  const auto add = [&](const Rule& rule, unsigned arguments) {
    if (first_error == 0) first_error = Add(filter, rule, arguments);
  };
  for (const char* name : kAllowed) add({name, SCMP_ACT_ALLOW, {}}, 0);
  for (const char* name : kIntrusions) add({name, SCMP_ACT_KILL_PROCESS, {}}, 0);
  for (const Rule& rule : RulesByArgument()) add(rule, 1);
  return first_error;
}

// All threads or none, and no system calls of other architectures.
int SetAttributes(const Filter& filter) {
  const struct {
    scmp_filter_attr attribute;
    std::uint32_t value;
  } wanted[] = {{SCMP_FLTATR_CTL_NNP, 1},
                {SCMP_FLTATR_CTL_TSYNC, 1},
                {SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS},
                {SCMP_FLTATR_CTL_OPTIMIZE, 2}};
  for (const auto& [attribute, value] : wanted) {
    if (const int error = seccomp_attr_set(filter.get(), attribute, value); error != 0)
      return error;
  }
  return 0;
}

}  // namespace

std::vector<std::string_view> AllowedSystemCalls() {
  std::vector<std::string_view> names(std::begin(kAllowed), std::end(kAllowed));
  for (const Rule& rule : RulesByArgument()) {
    const bool again = names.back() == rule.name;
    if (rule.action == SCMP_ACT_ALLOW && !again) names.emplace_back(rule.name);
  }
  return names;
}

absl::Status FilterSystemCalls() {
  LoadNameServices();
  const Filter filter(seccomp_init(SCMP_ACT_ERRNO(ENOSYS)));
  int error = filter ? SetAttributes(filter) : -ENOMEM;
  if (error == 0) error = AddRules(filter);
  if (error == 0) error = seccomp_load(filter.get());
  if (error == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("system calls cannot be restricted: ", ::strerrordesc_np(-error)));
}

}  // namespace behalf

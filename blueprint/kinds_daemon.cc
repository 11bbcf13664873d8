#include <algorithm>

#include "absl/strings/str_cat.h"
#include "blueprint/kinds.h"
#include "blueprint/values.h"

namespace behalf::loader {
namespace {

constexpr std::size_t kLongestSocketPath = 107;  // sockaddr_un.sun_path and its end

void CheckPathLength(const Node& node, Socket& socket, Binder& binder) {
  if (socket.path.size() <= kLongestSocketPath) return;
  binder.Error(*FindValue(node, "path"),
               absl::StrCat("the path of a unix socket has at most ", kLongestSocketPath,
                            " bytes, and this has ", socket.path.size()),
               "write a shorter one, such as /run/behalf/agents.sock");
}

const Mapping<Socket>& SocketMapping() {
  static const auto& mapping =
      (new Mapping<Socket>("socket", "A unix socket that the daemon listens on."))
          ->Required("name", &Socket::name, Name("agents"), "What callers' selectors call it.")
          .Optional("path", &Socket::path, FileName("/run/behalf/agents.sock"),
                    "Where the daemon makes it.")
          .Optional("systemd", &Socket::systemd, DescriptorName(),
                    "The FileDescriptorName of a systemd socket unit that hands it over.")
          .Optional("mode", &Socket::mode, SocketMode(), Default{"\"0600\""},
                    "Who may open it. Callers are attested besides.")
          .Optional("user", &Socket::user, UserName("behalf"),
                    "Its owner. When absent, the daemon's user.")
          .Optional("group", &Socket::group, GroupName("behalf-clients"),
                    "Its group. When absent, the daemon's group.")
          .Optional("isolated", &Socket::isolated, Flag(), Default{"false"},
                    "Only processes meant for this socket can reach it, for example because it "
                    "lies in a volume that is mounted into one container. It then tells processes "
                    "apart where accounts do not.")
          .ExactlyOne({"path", "systemd"})
          .Finally(CheckPathLength);
  return mapping;
}

const Mapping<DaemonSpec>& AdminMapping() {
  static const auto& mapping =
      (new Mapping<DaemonSpec>("admin", "Who may use the Admin service."))
          ->Required("callers", &DaemonSpec::admins, ListOf(Struct(CallerMapping())),
                     "The operators' processes: any of these. A socket that is named here is for "
                     "them alone.");
  return mapping;
}

// A token that is sent where others listen is theirs.
void CheckReceiver(const Node& node, Receiver& receiver, Binder& binder) {
  if (!receiver.url.starts_with("http://")) return;
  const char* const key = receiver.ca_file.empty() ? "tokenFile" : "caFile";
  const Node* const secured = FindValue(node, key);
  if (secured == nullptr) return;
  binder.Error(*secured, absl::StrCat("plain http has no use for `", key, "`"),
               "write an https URL, or leave it out");
}

const Mapping<Receiver>& ReceiverMapping() {
  static const auto& mapping =
      (new Mapping<Receiver>("receiver", "A server that takes what is posted to it."))
          ->Required("url", &Receiver::url, ReceiverUrl("https://heads.contoso.example/behalf"),
                     "Where to post to. Redirects are not followed.")
          .Optional("caFile", &Receiver::ca_file, FileName("contoso-ca.pem"),
                    "A PEM file: trust these certificates only, in place of the system's. "
                    "Relative to the document.")
          .Optional("proxy", &Receiver::proxy, ProxyUrl(),
                    "Reach the server through this HTTP proxy.")
          .Optional("tokenFile", &Receiver::token_file, FileName("/etc/behalf/heads.token"),
                    "A file with the bearer token that the server wants, for the daemon's account "
                    "only. Read each time, so that it may be replaced.")
          .Finally(CheckReceiver);
  return mapping;
}

const Mapping<AuditAnchor>& AnchorMapping() {
  static const auto& mapping =
      (new Mapping<AuditAnchor>("anchor", "A place for heads of the record."))
          ->Optional("file", &AuditAnchor::file, FileName("/mnt/elsewhere/heads.jsonl"),
                     "A file that they are appended to, best where the daemon's host cannot take "
                     "them back.")
          .Optional("syslog", &AuditAnchor::syslog, FileName("/dev/log"),
                    "The socket of the local syslog, which gets them as authpriv.notice.")
          .Optional("http", &AuditAnchor::http, Struct(ReceiverMapping()),
                    "A server that each of them is posted to, as a line of JSON, until it answers "
                    "with a status of 2xx.")
          .ExactlyOne({"file", "syslog", "http"});
  return mapping;
}

const Mapping<DaemonSpec>& AuditMapping() {
  static const auto& mapping =
      (new Mapping<DaemonSpec>("audit", "The record of what was done."))
          ->Required("file", &DaemonSpec::audit_file, FileName("/var/log/behalf/audit.jsonl"),
                     "Where records are appended, one JSON object a line.")
          .Optional(
              "durability", &DaemonSpec::audit_fsync,
              OneOf<bool>({{"write", false}, {"fsync", true}}), Default{"write"},
              "When an answer may leave: once its record is `write`: with the kernel, which a "
              "crash of the daemon does not undo; `fsync`: on the disk, which a power cut does "
              "not undo either. Records of one moment share one fsync.")
          .Optional("anchors", &DaemonSpec::audit_anchors, ListOf(Struct(AnchorMapping())),
                    "Where the signed heads of the record are kept besides, so that a record that "
                    "was cut off or written anew can be told. One that fails is logged and tried "
                    "again, and holds up nothing.");
  return mapping;
}

bool IsLoopback(std::string_view address) {
  return address.starts_with("127.") || address.starts_with("[::1]:");
}

// Metrics name blueprints and providers: who may read them is said, not guessed.
void CheckExposed(const Node& node, MetricsEdge& metrics, Binder& binder) {
  if (metrics.listen.empty() || metrics.exposed || IsLoopback(metrics.listen)) return;
  binder.Error(*FindValue(node, "listen"),
               absl::StrCat("other hosts can reach ", Quote(metrics.listen),
                            ", and metrics name blueprints"),
               "write 127.0.0.1 or [::1], or `exposed: true` where others may read them");
}

const Mapping<MetricsEdge>& MetricsMapping() {
  static const auto& mapping =
      (new Mapping<MetricsEdge>("metrics", "Numbers for Prometheus, over plain HTTP."))
          ->Required("listen", &MetricsEdge::listen, ListenAddress(),
                     "Where `GET /metrics` is answered.")
          .Optional("exposed", &MetricsEdge::exposed, Flag(), Default{"false"},
                    "Others than this host may read them; needed for any address but loopback. "
                    "Nobody is asked who they are.")
          .Finally(CheckExposed);
  return mapping;
}

const Mapping<Hardening>& HardeningMapping() {
  static const auto& mapping =
      (new Mapping<Hardening>("hardening", "What the daemon forbids its own process."))
          ->Required("without", &Hardening::without,
                     SetOf(Word({std::string(kMemoryLock), std::string(kSeccomp)})),
                     "What it does without. `memory-lock`: memory may be swapped out, with the "
                     "secrets in it; for hosts without swap, or where the limit of locked memory "
                     "cannot be lifted. `seccomp`: the daemon may call all of the kernel. Each is "
                     "logged at the start and shown by `behalf status`.");
  return mapping;
}

const Mapping<TracesSpec>& TracesMapping() {
  static const auto& mapping =
      (new Mapping<TracesSpec>("traces", "Spans of requests, for OpenTelemetry."))
          ->Required("otlp", &TracesSpec::otlp, Struct(ReceiverMapping()),
                     "The collector that they are posted to, by OTLP over HTTP: its URL ends with "
                     "/v1/traces as a rule.")
          .Optional("oneIn", &TracesSpec::one_in, Count(),
                    "Of the requests that bring no trace, one in so many begins one. When absent, "
                    "none. A trace that is brought goes on where its caller keeps it.");
  return mapping;
}

const Mapping<Limits>& LimitsMapping() {
  static const auto& mapping =
      (new Mapping<Limits>("limits", "Bounds of what the daemon holds and does at a time."))
          ->Optional("connections", &Limits::connections, Count(), Default{"1024"},
                     "Open connections.")
          .Optional("connectionsPerUser", &Limits::connections_per_user, Count(), Default{"256"},
                    "Open connections of one user id.")
          .Optional("waitersPerExchange", &Limits::waiters_per_exchange, Count(), Default{"10000"},
                    "Requests that wait for the same exchange.")
          .Optional("tokenCacheBytes", &Limits::token_cache_bytes, Size(), Default{"64MiB"},
                    "Memory for tokens that can be handed out again.")
          .Optional("subjectCacheBytes", &Limits::subject_cache_bytes, Size(), Default{"16MiB"},
                    "Memory for users' tokens that were verified.")
          .Optional("handles", &Limits::handles, Count(), Default{"100000"},
                    "Handles that are not yet over.")
          .Optional("exchangeTimeout", &Limits::exchange_timeout, Positive("5s"), Default{"5s"},
                    "How long one request to a provider may take.")
          .Optional("denialsPerMinute", &Limits::denials_per_minute, Count(), Default{"600"},
                    "Denials of one user id that are recorded one by one; more are summarised.");
  return mapping;
}

const Mapping<DirectoryRule>& DirectoryMapping() {
  static const auto& mapping =
      (new Mapping<DirectoryRule>("directory",
                                  "What the documents below a directory may define, so that teams "
                                  "cannot widen each other."))
          ->Required("path", &DirectoryRule::path, FileName("teams/billing"),
                     "The directory, with all below it. Relative to the document.")
          .Required("kinds", &DirectoryRule::kinds,
                    SetOf(Word({"Api", "Blueprint", "Policy", "Provider", "Tool"})),
                    "The kinds that may be defined there.")
          .Optional("prefix", &DirectoryRule::prefix, NamePrefix(),
                    "What the names of documents and agents there must start with. When absent, "
                    "any name will do.");
  return mapping;
}

// Members are all secured, or all on this host: a certificate without its key, or
// the reverse, is half of a credential.
void CheckEtcd(const Node& node, EtcdStore& etcd, Binder& binder) {
  const auto secure = std::count_if(etcd.endpoints.begin(), etcd.endpoints.end(),
                                    [](const auto& one) { return one.starts_with("https:"); });
  if (secure != 0 && secure != std::ssize(etcd.endpoints)) {
    binder.Error(*FindValue(node, "endpoints"), "some members are secured and some are not",
                 "write https for all of them");
  }
  if (etcd.certificate_file.empty() == etcd.key_file.empty()) return;
  const bool has_key = etcd.certificate_file.empty();
  binder.Error(*FindValue(node, has_key ? "keyFile" : "certificateFile"),
               has_key ? "a key needs its certificate" : "a certificate needs its key",
               has_key ? "add `certificateFile`" : "add `keyFile`");
}

const Mapping<EtcdStore>& EtcdMapping() {
  static const auto& mapping =
      (new Mapping<EtcdStore>("etcd", "The etcd, version 3.4 or later, that replicas share."))
          ->Required("endpoints", &EtcdStore::endpoints, ListOf(EtcdEndpoint()),
                     "Its members. One is asked at a time; when it fails, the next.")
          .Optional("prefix", &EtcdStore::prefix, KeyPrefix(), Default{"/behalf/"},
                    "What the keys of this fleet begin with.")
          .Optional("caFile", &EtcdStore::ca_file, FileName("etcd-ca.pem"),
                    "A PEM file: trust these certificates only, in place of the system's. Read again "
                    "when it is replaced, as the next two.")
          .Optional("certificateFile", &EtcdStore::certificate_file, FileName("etcd-client.pem"),
                    "A PEM file with the certificate by which etcd knows the daemon.")
          .Optional("keyFile", &EtcdStore::key_file, FileName("etcd-client.key"),
                    "A PEM file with its key, for the daemon's account only.")
          .Finally(CheckEtcd);
  return mapping;
}

const Mapping<DaemonSpec>& StoreMapping() {
  static const auto& mapping =
      (new Mapping<DaemonSpec>("store", "Where what must be kept is kept."))
          ->Required("etcd", &DaemonSpec::etcd, Struct(EtcdMapping()),
                     "What is revoked, and handles, are shared by all replicas with this prefix.");
  return mapping;
}

}  // namespace

const Mapping<DaemonSpec>& DaemonMapping() {
  static const auto& mapping =
      (new Mapping<DaemonSpec>("Daemon", "The daemon itself. A set holds one at most."))
          ->Required("sockets", &DaemonSpec::sockets, ListOf(Struct(SocketMapping())),
                     "Where it listens.")
          .Optional("admin", Self{}, Struct(AdminMapping()),
                    "Who may use the Admin service. When absent, nobody.")
          .Optional("limits", &DaemonSpec::limits, Struct(LimitsMapping()),
                    "Bounds of what it holds and does at a time.")
          .Required("audit", Self{}, Struct(AuditMapping()), "The record of what was done.")
          .Optional("metrics", &DaemonSpec::metrics, Struct(MetricsMapping()),
                    "Numbers for Prometheus. When absent, there are none.")
          .Optional("hardening", &DaemonSpec::hardening, Struct(HardeningMapping()),
                    "What the daemon forbids its own process. When absent, all that it can.")
          .Optional("traces", &DaemonSpec::traces, Struct(TracesMapping()),
                    "Spans of requests, for OpenTelemetry. When absent, none are told.")
          .Required("stateDirectory", &DaemonSpec::state_directory, FileName("/var/lib/behalf"),
                    "Where it keeps its keys: a directory of its own, for its account only.")
          .Optional("store", Self{}, Struct(StoreMapping()),
                    "Where revocations and handles are kept. When absent, in the state directory.")
          .Optional("directories", &DaemonSpec::directories, ListOf(Struct(DirectoryMapping())),
                    "What may be defined where. When given, every other document must lie below "
                    "one of these directories.")
          .Optional("policies", &DaemonSpec::policies, SetOf(Name("office-hours")),
                    "Policies that must exist: without them nothing loads.");
  return mapping;
}

}  // namespace behalf::loader

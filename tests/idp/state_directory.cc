#include "tests/idp/state_directory.h"

#include <fcntl.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"

namespace behalf::idp {
namespace {

absl::Status Failed(std::string_view what, const std::string& path) {
  return absl::ErrnoToStatus(errno,
                             absl::StrCat(absl::string_view(what.data(), what.size()), " ", path));
}

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string Contents(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

BioPtr MemoryOf(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

}  // namespace

std::optional<std::string> ReadWholeFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

absl::Status WriteWholeFile(const std::string& path, std::string_view bytes, mode_t mode) {
  const std::string draft = absl::StrCat(path, ".", getpid(), ".new");
  unlink(draft.c_str());
  const int fd = open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  if (fd < 0) return Failed("cannot create", draft);
  const bool written = fchmod(fd, mode) == 0 && WriteAll(fd, bytes);
  close(fd);
  if (!written) return Failed("cannot write", draft);
  if (rename(draft.c_str(), path.c_str()) != 0) return Failed("cannot replace", path);
  return absl::OkStatus();
}

absl::Status StateDirectory::Create() const {
  std::error_code error;
  std::filesystem::create_directories(path_, error);
  if (error) return absl::UnavailableError(absl::StrCat(path_, ": ", error.message()));
  return absl::OkStatus();
}

std::string StateDirectory::PathOf(std::string_view name) const {
  return (std::filesystem::path(path_) / name).string();
}

KeyPtr StateDirectory::ReadKey(std::string_view name) const {
  const std::optional<std::string> text = ReadWholeFile(PathOf(name));
  if (!text.has_value()) return nullptr;
  return KeyPtr(PEM_read_bio_PrivateKey(MemoryOf(*text).get(), nullptr, nullptr, nullptr));
}

absl::Status StateDirectory::WriteKey(std::string_view name, EVP_PKEY* key) const {
  const BioPtr bio(BIO_new(BIO_s_secmem()));
  if (PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return absl::InternalError("cannot encode a key");
  }
  return WriteWholeFile(PathOf(name), Contents(bio.get()), 0600);
}

CertificatePtr StateDirectory::ReadCertificate(std::string_view name) const {
  const std::optional<std::string> text = ReadWholeFile(PathOf(name));
  if (!text.has_value()) return nullptr;
  return CertificatePtr(PEM_read_bio_X509(MemoryOf(*text).get(), nullptr, nullptr, nullptr));
}

absl::Status StateDirectory::WriteCertificate(std::string_view name, X509* certificate) const {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_X509(bio.get(), certificate) != 1) {
    return absl::InternalError("cannot encode a certificate");
  }
  return WriteWholeFile(PathOf(name), Contents(bio.get()), 0644);
}

std::vector<std::string> StateDirectory::List(std::string_view prefix,
                                              std::string_view suffix) const {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(path_, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(prefix) && name.ends_with(suffix)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace behalf::idp

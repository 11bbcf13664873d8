// A real etcd for a test: one member on loopback, ended with the test.
#pragma once

#include <sys/types.h>

#include <string>

#include "tests/temporary_folder.h"

namespace behalf {

class EtcdMember {
 public:
  // Waits until it serves. Not running where there is no etcd.
  EtcdMember();
  ~EtcdMember();

  static bool Installed();

  const std::string& address() const { return address_; }

  void Kill();   // as a power cut
  void Start();  // on what is on its disk, at the same address
  void Freeze();
  void Thaw();
  // Everything is forgotten, as by a restoration from nothing.
  void StartEmpty();

 private:
  void AwaitServing() const;

  const TemporaryFolder folder_;
  std::string address_;
  std::string peer_;
  pid_t pid_ = 0;
};

}  // namespace behalf

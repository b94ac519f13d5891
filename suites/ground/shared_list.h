// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace sslbench {

// A list that its copies share until one of them is changed: many records say the same.
template <class T>
class SharedList {
 public:
  SharedList() = default;
  SharedList(std::vector<T> list) : list_(std::make_shared<std::vector<T>>(std::move(list))) {}
  SharedList(std::initializer_list<T> list) : SharedList(std::vector<T>(list)) {}

  operator const std::vector<T>&() const { return all(); }
  const std::vector<T>& all() const {
    static const std::vector<T> none;
    return list_ == nullptr ? none : *list_;
  }
  auto begin() const { return all().begin(); }
  auto end() const { return all().end(); }
  size_t size() const { return all().size(); }
  bool empty() const { return all().empty(); }
  const T& at(size_t i) const { return all().at(i); }

  // For changes: no copy sees them.
  std::vector<T>& own() {
    if (list_ == nullptr) list_ = std::make_shared<std::vector<T>>();
    if (list_.use_count() > 1) list_ = std::make_shared<std::vector<T>>(*list_);
    return *list_;
  }

 private:
  std::shared_ptr<std::vector<T>> list_;
};

}  // namespace sslbench

#include "flash/store.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <stdexcept>

#include "flash/neuron_product.h"
#include "flash/product.h"

namespace cairn::flash {

Store::Store(const std::vector<std::string>& paths, const std::vector<Placed>& order,
             const Options& options)
    : experts_bytes_(options.experts_bytes), dense_bytes_(options.dense_bytes),
      neurons_bytes_(options.neurons_bytes) {
  std::uint64_t size = 0;
  for (const std::string& path : paths) {
    files_.push_back(std::make_unique<File>(path));
    bases_.push_back(size);
    size += up_to(files_.back()->size(), kPage) + kPage;
  }
  homes_ = std::make_unique<Space>(size);
  product_ = std::make_unique<Product>();
  reads_ = std::make_unique<Reads>(options.readers, options.most);
  experts_ = std::make_unique<Experts>(*reads_, options.habits);
  stream_ = std::make_unique<Stream>(*reads_, *homes_, options.ring);
  neurons_ = std::make_unique<Neurons>(*reads_, options.habits.memory);
  place(order, slices(paths));
  place_neurons(options);
  check(options);
  experts_->open(options.used);
  experts_->resize(experts_bytes_);
  experts_->settle_size();
  stream_->resize(dense_bytes_);
  neurons_->resize(neurons_bytes_);
}

Store::~Store() { close(); }

void Store::place(const std::vector<Placed>& order, const std::vector<Slice>& found) {
  for (const Slice& slice : found) {
    if (slice.offset + slice.size > files_[slice.file]->size()) {
      throw std::runtime_error("the file ends before its weights do");
    }
    auto entry = std::make_unique<Entry>();
    entry->store = this;
    entry->what = {files_[slice.file].get(), slice.offset, slice.size};
    entry->home = bases_[slice.file] + slice.offset;
    entries_[slice.name] = std::move(entry);
  }
  std::map<std::uint32_t, std::vector<const Placed*>> layers;
  for (const Placed& placed : order) {
    Entry* const entry = find(placed.name);
    if (!entry) continue;
    entry->role = placed.role;
    if (placed.role == Role::dense) entry->number = stream_->add(entry->what, entry->home);
    if (placed.role == Role::experts) layers[placed.layer].push_back(&placed);
  }
  for (const auto& [number, matrices] : layers) {
    std::vector<Stretch> stretches;
    for (const Placed* each : matrices) stretches.push_back(find(each->name)->what);
    const std::size_t layer = experts_->add(stretches, matrices.front()->experts);
    for (std::size_t i = 0; i < matrices.size(); ++i) {
      Entry& entry = *find(matrices[i]->name);
      entry.number = layer;
      entry.matrix = i;
    }
  }
}

void Store::place_neurons(const Options& options) {
  if (options.packed.empty()) return;
  if (auto reason = check_sparse(); !reason.empty()) throw std::runtime_error(reason);
  packed_ = std::make_unique<File>(options.packed);
  for (const PackedLayer& layer : options.layers) {
    Entry* const entry = find(layer.name);
    const std::size_t block = 2 + kBlockNeurons * layer.bits / 8;
    if (!entry || entry->role != Role::fixed || layer.rows % kRowStep != 0 ||
        (layer.bits != 4 && layer.bits != 8) ||
        entry->what.size != layer.rows * layer.blocks * block || layer.units % kPage != 0 ||
        layer.table % kPage != 0 ||
        layer.units + layer.count() * layer.unit_size() > packed_->size() ||
        layer.table + layer.table_size() > packed_->size()) {
      throw std::runtime_error("the packed file is not of this model");
    }
    entry->role = Role::neurons;
    entry->number = neurons_->add(*packed_, layer);
  }
}

void Store::check(const Options& options) {
  const std::size_t experts = experts_->least(std::max<std::size_t>(options.used, 1));
  const std::size_t dense = stream_->least();
  const std::size_t neurons = neurons_->least();
  least_ = experts + dense + neurons;
  if (experts_bytes_ < experts || dense_bytes_ < dense || neurons_bytes_ < neurons) {
    throw std::runtime_error("it needs at least " + std::to_string(least_ / 1000000 + 1) +
                             " MB for the weights that are read as they are needed");
  }
}

Entry* Store::find(const std::string& name) {
  const auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : found->second.get();
}

void Store::use(Entry& entry) {
  if (entry.role != Role::fixed || !entry.piece.is_missing()) return;
  const std::uint64_t begin = entry.home / kPage * kPage;
  const std::size_t room = room_for(entry.what.offset, entry.what.size);
  homes_->commit(begin, room);
  fixed_ += room;
  reads_->want(entry.piece, entry.what, homes_->at(begin), true);
}

std::string Store::wait() {
  stream_->open();
  if (auto reason = neurons_->open(); !reason.empty()) return reason;
  reads_->wait([&] {
    return std::none_of(entries_.begin(), entries_.end(),
                        [](const auto& each) { return each.second->piece.is_coming(); });
  });
  const bool is_whole = std::none_of(entries_.begin(), entries_.end(), [](const auto& each) {
    return each.second->piece.state == State::failed;
  });
  return is_whole ? "" : reads_->failure();
}

void Store::read(const Entry& entry, std::uint64_t offset, std::size_t size, std::byte* to) {
  const std::uint64_t from = entry.what.offset + offset;
  const std::size_t room = room_for(from, size);
  thread_local std::vector<std::byte> bounce;
  bounce.resize(room + kPage);
  const auto address = reinterpret_cast<std::uintptr_t>(bounce.data());
  auto* const aligned = reinterpret_cast<std::byte*>(up_to(address, kPage));
  const std::string reason = entry.what.file->read(from / kPage * kPage, room,
                                                   from % kPage + size, aligned);
  if (reason.empty()) std::memcpy(to, aligned + from % kPage, size);
  else std::memset(to, 0, size);
  if (!reason.empty()) fail(reason);
}

void Store::resize(std::size_t experts_bytes, std::size_t dense_bytes,
                   std::size_t neurons_bytes) {
  if (!reads_) return;
  experts_bytes_ = experts_bytes;
  dense_bytes_ = dense_bytes;
  experts_->resize(experts_bytes);
  neurons_bytes_ = neurons_->is_empty() ? 0 : neurons_bytes;
  stream_->resize(dense_bytes);
  neurons_->resize(neurons_bytes);
}

std::string Store::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

void Store::forget_trouble() {
  const std::lock_guard lock(mutex_);
  trouble_.clear();
}

void Store::fail(const std::string& reason) {
  const std::lock_guard lock(mutex_);
  if (trouble_.empty()) trouble_ = reason;
}

Statistics Store::statistics() const {
  if (!reads_) return last_;
  return {experts_bytes_ + dense_bytes_ + neurons_bytes_ + fixed_,
          least_,
          fixed_,
          stream_->pinned(),
          stream_->ring(),
          fixed_ + stream_->resident() + experts_->resident() + neurons_->resident(),
          reads_->bytes(),
          reads_->count(),
          reads_->busy(),
          waited_ns_,
          experts_->hits + stream_->hits + neurons_->hits,
          experts_->misses + stream_->misses + neurons_->misses,
          experts_->cycles,
          files_.front()->is_direct()};
}

void Store::close() {
  if (!reads_) return;
  last_ = statistics();
  last_.resident = last_.fixed = last_.pinned = last_.ring = 0;
  reads_.reset();
  stream_.reset();
  neurons_.reset();
  packed_.reset();
  experts_.reset();
  homes_.reset();
  files_.clear();
}

}  // namespace cairn::flash

// A model whose weights are read as they are needed: its files, and what of them is in memory.
// Made by bind.cpp before llama.cpp loads the model, filled by buffer.cpp, asked by products.cpp,
// closed when llama.cpp frees the model. Invariant: weights take no more than the budget.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "flash/experts.h"
#include "flash/neurons.h"
#include "flash/reads.h"
#include "flash/space.h"
#include "flash/stream.h"
#include "ggml/abi.h"

namespace cairn::flash {

// How a tensor is kept: `fixed` ones stay for good; of `rows` only rows are read, each when needed;
// of `neurons` those that fire, from a packed file beside the model.
enum class Role : std::uint8_t { fixed, dense, experts, rows, neurons };

struct Slice {
  std::string name;
  std::size_t file;
  std::uint64_t offset;
  std::size_t size;
};

// What lies in the files, all the parts of a model; throws std::runtime_error.
std::vector<Slice> slices(const std::vector<std::string>& paths);

struct Placed {
  std::string name;
  Role role;
  std::uint32_t layer, experts;  // of those that are `experts`
};

struct Options {
  std::size_t experts_bytes = 0, dense_bytes = 0;
  std::size_t used = 1;  // experts of a layer for each token
  std::size_t readers = 4, most = std::size_t{1} << 20;
  double ring = 3;  // of the largest dense matrix that does not stay
  Habits habits{};
  std::size_t neurons_bytes = 0;
  std::string packed;  // the file; empty for none
  std::vector<PackedLayer> layers;
};

struct Statistics {
  std::size_t budget, least, fixed, pinned, ring, resident;
  std::uint64_t read_bytes, reads, read_ns, waited_ns, hits, misses, tokens;
  bool is_direct;
};

class Store;

struct Entry {
  Store* store = nullptr;
  Role role = Role::fixed;
  Stretch what{};
  std::uint64_t home = 0;
  std::size_t number = 0, matrix = 0;  // of a dense matrix; of experts their layer's and this one's
  Piece piece;                         // of a fixed one
};

// The product with experts that is under way; see products.cpp.
struct Product;

class Store {
 public:
  // `order` has dense tensors as they are needed. Throws std::runtime_error.
  Store(const std::vector<std::string>& paths, const std::vector<Placed>& order,
        const Options& options);
  ~Store();

  Entry* find(const std::string& name);
  std::byte* base() const { return homes_->at(0); }
  std::byte* address(const Entry& entry) const { return homes_->at(entry.home); }
  void use(Entry& entry);  // llama.cpp has it: a fixed one is read
  std::string wait();      // for all that is fixed; empty, or why it can't be had
  // To `to`, past the budget: for little.
  void read(const Entry& entry, std::uint64_t offset, std::size_t size, std::byte* to);

  void resize(std::size_t experts_bytes, std::size_t dense_bytes, std::size_t neurons_bytes);
  // Why something that was needed could not be read: what was computed since is void. It is told
  // by products.cpp; whoever heard of it forgets it.
  std::string trouble() const;
  void forget_trouble();
  void fail(const std::string& reason);
  void fail() { fail(reads_->failure()); }
  Statistics statistics() const;
  void close();

  Reads& reads() { return *reads_; }
  Experts& experts() { return *experts_; }
  Stream& stream() { return *stream_; }
  Neurons& neurons() { return *neurons_; }
  Product& product() { return *product_; }
  void waited(std::uint64_t nanoseconds) { waited_ns_ += nanoseconds; }

 private:
  void place(const std::vector<Placed>& order, const std::vector<Slice>& found);
  void place_neurons(const Options& options);
  void check(const Options& options);

  std::vector<std::unique_ptr<File>> files_;
  std::vector<std::uint64_t> bases_;
  std::unique_ptr<Space> homes_;
  std::unordered_map<std::string, std::unique_ptr<Entry>> entries_;
  std::size_t experts_bytes_ = 0, dense_bytes_ = 0, neurons_bytes_ = 0, least_ = 0;
  std::atomic<std::size_t> fixed_{0};
  std::atomic<std::uint64_t> waited_ns_{0};
  Statistics last_{};
  mutable std::mutex mutex_;
  std::string trouble_;
  std::unique_ptr<Product> product_;
  std::unique_ptr<Experts> experts_;
  std::unique_ptr<Stream> stream_;
  std::unique_ptr<File> packed_;
  std::unique_ptr<Neurons> neurons_;
  std::unique_ptr<Reads> reads_;  // the first to go: it writes to all the others
};

// -- within llama.cpp

// Empty, or why it can't be done in this process; see ggml/entry.h for the arguments.
std::string attach(const std::string& folder, const std::string& version,
                   const std::string& missing);
// The address of the buffer type that weights are given to by llama.cpp's overrides.
std::uintptr_t buffer_type();
// Between the two, what llama.cpp loads goes to that store, and files are not read beforehand.
void begin_loading(const std::shared_ptr<Store>& store);
void end_loading();

// -- shared by the files of this folder

ggml::ExtraType& extra_type();
ggml::BufferType& own_type();
Entry* entry_of(const ggml::Tensor* tensor);
struct Operations {
  std::int32_t mul_mat = -1, mul_mat_id = -1, get_rows = -1;
};
Operations& operations();
std::shared_ptr<Store> loading();

}  // namespace cairn::flash

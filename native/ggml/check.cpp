// Tries the declarations of abi.h on small graphs before a model depends on them: what ggml's own
// functions say of a tensor must stand in its fields, and our products must be those of its own.
#include <algorithm>
#include <cmath>

#include "ggml/trial.h"

namespace cairn::ggml {
namespace {

constexpr std::size_t kObject = 32;  // bytes that ggml puts before each tensor
constexpr float kTolerance = 2e-3F;

}  // namespace

std::string check_fields() {
  const Library& library = entry().library;
  if (library.tensor_overhead() != kObject + sizeof(Tensor)) return "its tensors are not as known";
  const Owned<Context> context = open_context();
  Tensor* const a = library.new_tensor_4d(context.get(), kF32, 32, 5, 3, 2);
  Tensor* const b = library.new_tensor_4d(context.get(), kF32, 32, 7, 3, 2);
  Tensor* const ids = library.new_tensor_4d(context.get(), kI32, 2, 7, 1, 1);
  Tensor* const experts = library.new_tensor_4d(context.get(), kF32, 32, 5, 3, 1);
  Tensor* const one = library.new_tensor_4d(context.get(), kF32, 32, 1, 7, 1);
  Tensor* const product = library.mul_mat(context.get(), a, b);
  Tensor* const chosen = library.mul_mat_id(context.get(), experts, one, ids);
  const bool sizes = a->type == kF32 && ids->type == kI32 && a->ne[0] == 32 && a->ne[1] == 5 &&
                     a->ne[2] == 3 && a->ne[3] == 2 && a->nb[0] == 4 && a->nb[3] == 32 * 5 * 3 * 4;
  const bool empty = !a->buffer && !a->view_src && !a->view_offs && !a->extra;
  const bool names = library.get_name(a) == a->name && library.get_data(a) == a->data;
  const bool sources = product->src[0] == a && product->src[1] == b && !product->src[2] &&
                       chosen->src[0] == experts && chosen->src[1] == one && chosen->src[2] == ids;
  if (!sizes || !empty || !names || !sources || product->ne[0] != 5 || product->ne[1] != 7) {
    return "its tensors are not as known";
  }
  if (product->op == chosen->op || product->op <= 0 || chosen->op <= 0 || a->op != 0) {
    return "its operations are not as known";
  }
  entry().mul_mat = product->op;
  entry().mul_mat_id = chosen->op;
  return "";
}

namespace {

bool are_close(const std::vector<float>& ours, const std::vector<float>& theirs) {
  if (ours.size() != theirs.size() || ours.empty()) return false;
  float peak = 0, apart = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (!std::isfinite(ours[i])) return false;
    peak = std::max(peak, std::fabs(theirs[i]));
    apart = std::max(apart, std::fabs(ours[i] - theirs[i]));
  }
  return apart <= kTolerance * peak;
}

std::string check_products(const Shape& shape) {
  const std::size_t before = held().tensors;
  {
    Trial ours(shape, &entry().type), theirs(shape, entry().library.plain_type());
    if (!ours.is_ready() || !theirs.is_ready()) return "its buffers are not as known";
    if (held().tensors != before + 1) return "its buffers are not as known";
    for (const int threads : {1, 2}) {
      if (!ours.run(threads) || !theirs.run(threads)) return "its graphs are not as known";
      if (!are_close(ours.results(), theirs.results())) return "our products differ from its own";
    }
  }
  return held().tensors == before ? "" : "its buffers are not given back";
}

}  // namespace

std::string check(const std::vector<lut::Type>& types) {
  for (const lut::Type type : types) {
    if (!lut::supports(entry().level, type, 40, 512)) continue;
    for (const Shape& shape : {Shape{type, 40, 512, 1}, Shape{type, 40, 512, 5},
                               Shape{type, 40, 512, 1, 3, 2}, Shape{type, 40, 512, 5, 3, 2}}) {
      if (auto reason = check_products(shape); !reason.empty()) return reason;
    }
  }
  return "";
}

}  // namespace cairn::ggml

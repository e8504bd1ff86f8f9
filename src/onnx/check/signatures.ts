import type { OnnxAttribute } from '../file/model.ts';

/**
 * What the operators of ONNX take and give, in each version that changed it: how many inputs, how many outputs, their types, and
 * attributes. Numbers are those that onnxruntime 1.30 states of its operators, of opset 1 to 26; types those of onnx 1.12, and of the
 * documentation where an operator is younger. Later versions allow more types of the same kind, which are not told apart here.
 *
 * `Name version inputs outputs inputTypes>outputTypes a=kinds … attribute:type …`: a type is a letter that stands for one type
 * throughout the node, or kinds: F of floating point, I whole, B boolean, S text, C complex, * any, or one type by its name. The last
 * where there are more. An attribute with ! must be given; its type is f, i, s, t (tensor), p (sparse tensor), g (graph), or a list
 * in capitals.
 */
const TEXT = `
Abs 1 1 1 a>a a=F consumed_inputs:I
Abs 6 1 1 a>a a=FI
Acos 7 1 1 a>a a=F
Acosh 9 1 1 a>a a=F
Add 1 2 1 a,a>a a=F axis:i broadcast:i consumed_inputs:I
Add 6 2 1 a,a>a a=FI axis:i broadcast:i
Add 7 2 1 a,a>a a=FI
AffineGrid 20 2 1 a,int64>a a=F align_corners:i
And 1 2 1 a,a>b a=B b=B axis:i broadcast:i
And 7 2 1 a,a>b a=B b=B
ArgMax 1 1 1 a>int64 a=FI axis:i keepdims:i
ArgMax 12 1 1 a>int64 a=FI axis:i keepdims:i select_last_index:i
ArgMin 1 1 1 a>int64 a=FI axis:i keepdims:i
ArgMin 12 1 1 a>int64 a=FI axis:i keepdims:i select_last_index:i
Asin 7 1 1 a>a a=F
Asinh 9 1 1 a>a a=F
Atan 7 1 1 a>a a=F
Atanh 9 1 1 a>a a=F
Attention 23 3-6 1-4 a,b,c,*,b,c,int64>a,b,c,a a=F b=F c=F is_causal:i kv_num_heads:i q_num_heads:i qk_matmul_output_mode:i scale:f softcap:f softmax_precision:i
Attention 24 3-7 1-4 a,b,c,*,b,c,int64>a,b,c,a a=F b=F c=F is_causal:i kv_num_heads:i q_num_heads:i qk_matmul_output_mode:i scale:f softcap:f softmax_precision:i
AveragePool 1 1 1 a>a a=F auto_pad:s kernel_shape!:I pads:I strides:I
AveragePool 7 1 1 a>a a=F auto_pad:s count_include_pad:i kernel_shape!:I pads:I strides:I
AveragePool 10 1 1 a>a a=F auto_pad:s ceil_mode:i count_include_pad:i kernel_shape!:I pads:I strides:I
AveragePool 19 1 1 a>a a=F auto_pad:s ceil_mode:i count_include_pad:i dilations:I kernel_shape!:I pads:I strides:I
BatchNormalization 1 5 1-5 a,a,a,a,a>a,a,a,a,a a=F consumed_inputs!:I epsilon:f is_test:i momentum:f spatial:i
BatchNormalization 6 5 1-5 a,a,a,a,a>a,a,a,a,a a=F epsilon:f is_test:i momentum:f spatial:i
BatchNormalization 7 5 1-5 a,a,a,a,a>a,a,a,a,a a=F epsilon:f momentum:f spatial:i
BatchNormalization 9 5 1-5 a,a,a,a,a>a,a,a,a,a a=F epsilon:f momentum:f
BatchNormalization 14 5 1-3 a,a,a,b,b>a,b,b a=F b=F epsilon:f momentum:f training_mode:i
BatchNormalization 15 5 1-3 a,b,b,c,c>a,c,c a=F b=F c=F epsilon:f momentum:f training_mode:i
Bernoulli 15 1 1 a>b a=F b=FIB dtype:i seed:f
BitCast 26 1 1 *>* to!:i
BitShift 11 2 1 a,a>a a=I direction!:s
BitwiseAnd 18 2 1 a,a>a a=I
BitwiseNot 18 1 1 a>a a=I
BitwiseOr 18 2 1 a,a>a a=I
BitwiseXor 18 2 1 a,a>a a=I
BlackmanWindow 17 1 1 a>b a=I b=FI output_datatype:i periodic:i
Cast 1 1 1 a>b a=FIB b=FIB to!:s
Cast 6 1 1 a>b a=FIB b=FIB to!:i
Cast 9 1 1 a>b a=FIBS b=FIBS to!:i
Cast 19 1 1 a>b a=FIBS b=FIBS saturate:i to!:i
Cast 24 1 1 a>b a=FIBS b=FIBS round_mode:s saturate:i to!:i
CastLike 15 2 1 a,b>b a=FIBS b=FIBS
CastLike 19 2 1 a,b>b a=FIBS b=FIBS saturate:i
CastLike 24 2 1 a,b>b a=FIBS b=FIBS round_mode:s saturate:i
Ceil 1 1 1 a>a a=F consumed_inputs:I
Ceil 6 1 1 a>a a=F
Celu 12 1 1 float32>float32 alpha:f
CenterCropPad 18 2 1 a,I>a a=* axes:I
Clip 1 1 1 a>a a=F consumed_inputs:I max:f min:f
Clip 6 1 1 a>a a=F max:f min:f
Clip 11 1-3 1 a,a,a>a a=F
Clip 12 1-3 1 a,a,a>a a=FI
Col2Im 18 3 1 a,int64,int64>a a=* dilations:I pads:I strides:I
Compress 9 2 1 a,b>a a=* b=B axis:i
Concat 1 1-* 1 a>a a=F axis:i
Concat 4 1-* 1 a>a a=* axis!:i
ConcatFromSequence 11 1 1 a>b a=* b=* axis!:i new_axis:i
ConstantOfShape 9 1 1 int64>a a=FIB value:t
Conv 1 2-3 1 a,a,a>a a=F auto_pad:s dilations:I group:i kernel_shape:I pads:I strides:I
ConvInteger 10 2-4 1 a,b,a,b>int32 a=I b=I auto_pad:s dilations:I group:i kernel_shape:I pads:I strides:I
ConvTranspose 1 2-3 1 a,a,a>a a=F auto_pad:s dilations:I group:i kernel_shape:I output_padding:I output_shape:I pads:I strides:I
Cos 7 1 1 a>a a=F
Cosh 9 1 1 a>a a=F
CumProd 26 2 1 a,I>a a=FI exclusive:i reverse:i
CumSum 11 2 1 a,b>a a=FI b=I exclusive:i reverse:i
DFT 17 1-2 1 a,b>a a=F b=I axis:i inverse:i onesided:i
DFT 20 1-3 1 a,b,int64>a a=F b=I inverse:i onesided:i
DeformConv 19 3-5 1 a,a,a,a,a>a a=F dilations:I group:i kernel_shape:I offset_group:i pads:I strides:I
DepthToSpace 1 1 1 a>a a=* blocksize!:i
DepthToSpace 11 1 1 a>a a=* blocksize!:i mode:s
DequantizeLinear 10 2-3 1 a,float32,a>float32 a=I
DequantizeLinear 13 2-3 1 a,float32,a>float32 a=I axis:i
DequantizeLinear 19 2-3 1 a,b,a>b a=FI b=F axis:i
DequantizeLinear 21 2-3 1 a,b,a>b a=FI b=F axis:i block_size:i
DequantizeLinear 23 2-3 1 a,b,a>b a=FI b=F axis:i block_size:i output_dtype:i
Det 11 1 1 a>a a=F
Div 1 2 1 a,a>a a=F axis:i broadcast:i consumed_inputs:I
Div 6 2 1 a,a>a a=FI axis:i broadcast:i
Div 7 2 1 a,a>a a=FI
Dropout 1 1 1-2 a>a,a a=F consumed_inputs:I is_test:i ratio:f
Dropout 6 1 1-2 a>a,a a=F is_test:i ratio:f
Dropout 7 1 1-2 a>a,a a=F ratio:f
Dropout 10 1 1-2 a>a,b a=F b=B ratio:f
Dropout 12 1-3 1-2 a,b,c>a,c a=F b=F c=B seed:i
DynamicQuantizeLinear 11 1 3 float32>uint8,float32,uint8
Einsum 12 1-* 1 a>a a=FI equation!:s
Elu 1 1 1 a>a a=F alpha:f consumed_inputs:I
Elu 6 1 1 a>a a=F alpha:f
Equal 1 2 1 a,a>b a=IB b=B axis:i broadcast:i
Equal 7 2 1 a,a>b a=IB b=B
Equal 11 2 1 a,a>b a=FIB b=B
Erf 9 1 1 a>a a=FI
Exp 1 1 1 a>a a=F consumed_inputs:I
Exp 6 1 1 a>a a=F
Expand 8 2 1 a,int64>a a=*
EyeLike 9 1 1 a>b a=FIB b=FIB dtype:i k:i
Flatten 1 1 1 a>a a=F axis:i
Flatten 9 1 1 a>a a=* axis:i
Floor 1 1 1 a>a a=F consumed_inputs:I
Floor 6 1 1 a>a a=F
GRU 1 3-6 2 a,a,a,a,int32,a>a,a a=F activation_alpha:F activation_beta:F activations:S clip:f direction:s hidden_size:i output_sequence:i
GRU 3 3-6 0-2 a,a,a,a,int32,a>a,a a=F activation_alpha:F activation_beta:F activations:S clip:f direction:s hidden_size:i linear_before_reset:i output_sequence:i
GRU 7 3-6 0-2 a,a,a,a,int32,a>a,a a=F activation_alpha:F activation_beta:F activations:S clip:f direction:s hidden_size:i linear_before_reset:i
GRU 14 3-6 0-2 a,a,a,a,int32,a>a,a a=F activation_alpha:F activation_beta:F activations:S clip:f direction:s hidden_size:i layout:i linear_before_reset:i
Gather 1 2 1 a,b>a a=* b=I axis:i
GatherElements 11 2 1 a,b>a a=* b=I axis:i
GatherND 11 2 1 a,int64>a a=*
GatherND 12 2 1 a,int64>a a=* batch_dims:i
Gelu 20 1 1 a>a a=F approximate:s
Gemm 1 3 1 a,a,a>a a=F alpha:f beta:f broadcast:i transA:i transB:i
Gemm 7 3 1 a,a,a>a a=F alpha:f beta:f transA:i transB:i
Gemm 9 3 1 a,a,a>a a=FI alpha:f beta:f transA:i transB:i
Gemm 11 2-3 1 a,a,a>a a=FI alpha:f beta:f transA:i transB:i
GlobalAveragePool 1 1 1 a>a a=F
GlobalLpPool 1 1 1 a>a a=F p:f
GlobalLpPool 2 1 1 a>a a=F p:i
GlobalMaxPool 1 1 1 a>a a=F
Greater 1 2 1 a,a>b a=F b=B axis:i broadcast:i
Greater 7 2 1 a,a>b a=F b=B
Greater 9 2 1 a,a>b a=FI b=B
GreaterOrEqual 12 2 1 a,a>b a=FI b=B
GridSample 16 2 1 a,a>b a=* b=F align_corners:i mode:s padding_mode:s
GroupNormalization 18 3 1 a,a,a>a a=F epsilon:f num_groups!:i
GroupNormalization 21 3 1 a,a,a>a a=F epsilon:f num_groups!:i stash_type:i
HammingWindow 17 1 1 a>b a=I b=FI output_datatype:i periodic:i
HannWindow 17 1 1 a>b a=I b=FI output_datatype:i periodic:i
HardSigmoid 1 1 1 a>a a=F alpha:f beta:f consumed_inputs:I
HardSigmoid 6 1 1 a>a a=F alpha:f beta:f
HardSwish 14 1 1 a>a a=F
Hardmax 1 1 1 a>a a=F axis:i
Identity 1 1 1 a>a a=*
If 1 1 1-* a>* a=B else_branch!:g then_branch!:g
ImageDecoder 20 1 1 I>I pixel_format:s
InstanceNormalization 1 3 1 a,a,a>a a=F consumed_inputs:I epsilon:f
InstanceNormalization 6 3 1 a,a,a>a a=F epsilon:f
IsInf 10 1 1 a>b a=F b=B detect_negative:i detect_positive:i
IsNaN 9 1 1 a>b a=F b=B
LRN 1 1 1 a>a a=F alpha:f beta:f bias:f size!:i
LSTM 1 3-8 0-3 a,a,a,a,int32,a,a,a>a,a,a a=F activation_alpha:F activation_beta:F activations:S clip:f direction:s hidden_size:i input_forget:i output_sequence:i
LSTM 7 3-8 0-3 a,a,a,a,int32,a,a,a>a,a,a a=F activation_alpha:F activation_beta:F activations:S clip:f direction:s hidden_size:i input_forget:i
LSTM 14 3-8 0-3 a,a,a,a,int32,a,a,a>a,a,a a=F activation_alpha:F activation_beta:F activations:S clip:f direction:s hidden_size:i input_forget:i layout:i
LayerNormalization 17 2-3 1-3 a,a,a>a,b,b a=F b=F axis:i epsilon:f stash_type:i
LeakyRelu 1 1 1 a>a a=F alpha:f consumed_inputs:I
LeakyRelu 6 1 1 a>a a=F alpha:f
Less 1 2 1 a,a>b a=F b=B axis:i broadcast:i
Less 7 2 1 a,a>b a=F b=B
Less 9 2 1 a,a>b a=FI b=B
LessOrEqual 12 2 1 a,a>b a=FI b=B
Log 1 1 1 a>a a=F consumed_inputs:I
Log 6 1 1 a>a a=F
LogSoftmax 1 1 1 a>a a=F axis:i
Loop 1 3-* 1-* int64,a,*>* a=B body!:g
Loop 11 2-* 1-* int64,a,*>* a=B body!:g
LpNormalization 1 1 1 a>a a=F axis:i p:i
LpPool 1 1 1 a>a a=F auto_pad:s kernel_shape:I p:f pads:I strides:I
LpPool 2 1 1 a>a a=F auto_pad:s kernel_shape!:I p:i pads:I strides:I
LpPool 18 1 1 a>a a=F auto_pad:s ceil_mode:i dilations:I kernel_shape!:I p:i pads:I strides:I
MatMul 1 2 1 a,a>a a=F
MatMul 9 2 1 a,a>a a=FI
MatMulInteger 10 2-4 1 a,b,a,b>int32 a=I b=I
Max 1 1-* 1 a>a a=F consumed_inputs:I
Max 6 1-* 1 a>a a=F
Max 12 1-* 1 a>a a=FI
MaxPool 1 1 1 a>a a=F auto_pad:s kernel_shape!:I pads:I strides:I
MaxPool 8 1 1-2 a>a,int64 a=F auto_pad:s kernel_shape!:I pads:I storage_order:i strides:I
MaxPool 10 1 1-2 a>a,int64 a=F auto_pad:s ceil_mode:i dilations:I kernel_shape!:I pads:I storage_order:i strides:I
MaxPool 12 1 1-2 a>a,int64 a=FI auto_pad:s ceil_mode:i dilations:I kernel_shape!:I pads:I storage_order:i strides:I
MaxRoiPool 1 2 1 a,a>a a=F pooled_shape!:I spatial_scale:f
MaxUnpool 9 2-3 1 a,int64,int64>a a=F kernel_shape!:I pads:I strides:I
Mean 1 1-* 1 a>a a=F consumed_inputs:I
Mean 6 1-* 1 a>a a=F
MeanVarianceNormalization 1 1 1 *>*
MeanVarianceNormalization 9 1 1 a>a a=F axes:I
MelWeightMatrix 17 5 1 a,a,a,b,b>c a=I b=F c=FI output_datatype:i
Min 1 1-* 1 a>a a=F consumed_inputs:I
Min 6 1-* 1 a>a a=F
Min 12 1-* 1 a>a a=FI
Mish 18 1 1 a>a a=F
Mod 10 2 1 a,a>a a=FI fmod:i
Mul 1 2 1 a,a>a a=F axis:i broadcast:i consumed_inputs:I
Mul 6 2 1 a,a>a a=FI axis:i broadcast:i
Mul 7 2 1 a,a>a a=FI
Multinomial 7 1 1 a>b a=F b=I dtype:i sample_size:i seed:f
Neg 1 1 1 a>a a=F consumed_inputs:I
Neg 6 1 1 a>a a=FI
NegativeLogLikelihoodLoss 12 2-3 1 a,b,a>a a=F b=I ignore_index:i reduction:s
NonMaxSuppression 10 2-5 1 float32,float32,int64,float32,float32>int64 center_point_box:i
NonZero 9 1 1 a>int64 a=*
Not 1 1 1 a>a a=B
OneHot 9 3 1 a,b,c>c a=FI b=FI c=* axis:i
Optional 15 0-1 1 a>b a=* b=* type:y
OptionalGetElement 15 1 1 a>b a=* b=*
OptionalHasElement 15 1 1 a>b a=* b=B
OptionalHasElement 18 0-1 1 a>b a=* b=B
Or 1 2 1 a,a>b a=B b=B axis:i broadcast:i
Or 7 2 1 a,a>b a=B b=B
PRelu 1 2 1 a,a>a a=F consumed_inputs:I
PRelu 6 2 1 a,a>a a=F
PRelu 9 2 1 a,a>a a=FI
Pad 1 1 1 a>a a=F mode:s paddings!:I value:f
Pad 2 1 1 a>a a=F mode:s pads!:I value:f
Pad 11 2-3 1 a,int64,a>a a=FI mode:s
Pad 13 2-3 1 a,int64,a>a a=* mode:s
Pad 18 2-4 1 a,int64,a,b>a a=* b=I mode:s
Pow 1 2 1 a,a>a a=F axis:i broadcast:i
Pow 7 2 1 a,a>a a=F
Pow 12 2 1 a,b>a a=FI b=FI
QLinearConv 10 8-9 1 a,float32,a,b,float32,b,float32,c,int32>c a=I b=I c=I auto_pad:s dilations:I group:i kernel_shape:I pads:I strides:I
QLinearMatMul 10 8 1 a,float32,a,b,float32,b,float32,c>c a=I b=I c=I
QLinearMatMul 21 8 1 a,b,a,c,b,c,b,d>d a=FI b=F c=FI d=FI
QuantizeLinear 10 2-3 1 a,float32,b>b a=FI b=I
QuantizeLinear 13 2-3 1 a,float32,b>b a=FI b=I axis:i
QuantizeLinear 19 2-3 1 a,b,c>c a=FI b=F c=FI axis:i saturate:i
QuantizeLinear 21 2-3 1 a,b,c>c a=FI b=F c=FI axis:i block_size:i output_dtype:i saturate:i
QuantizeLinear 23 2-3 1 a,b,c>c a=FI b=F c=FI axis:i block_size:i output_dtype:i precision:i saturate:i
RMSNormalization 23 2 1 a,b>b a=F b=F axis:i epsilon:f stash_type:i
RNN 1 3-6 0-2 a,a,a,a,int32,a>a,a a=F activation_alpha:F activation_beta:F activations:S clip:f direction:s hidden_size:i output_sequence:i
RNN 7 3-6 0-2 a,a,a,a,int32,a>a,a a=F activation_alpha:F activation_beta:F activations:S clip:f direction:s hidden_size:i
RNN 14 3-6 0-2 a,a,a,a,int32,a>a,a a=F activation_alpha:F activation_beta:F activations:S clip:f direction:s hidden_size:i layout:i
RandomNormal 1 0 1 >a a=F dtype:i mean:f scale:f seed:f shape!:I
RandomNormalLike 1 1 1 a>b a=* b=F dtype:i mean:f scale:f seed:f
RandomUniform 1 0 1 >a a=F dtype:i high:f low:f seed:f shape!:I
RandomUniformLike 1 1 1 a>b a=* b=F dtype:i high:f low:f seed:f
Range 11 3 1 a,a,a>a a=FI
Reciprocal 1 1 1 a>a a=F consumed_inputs:I
Reciprocal 6 1 1 a>a a=F
ReduceL1 1 1 1 a>a a=FI axes:I keepdims:i
ReduceL1 18 1-2 1 a,int64>a a=FI keepdims:i noop_with_empty_axes:i
ReduceL2 1 1 1 a>a a=FI axes:I keepdims:i
ReduceL2 18 1-2 1 a,int64>a a=FI keepdims:i noop_with_empty_axes:i
ReduceLogSum 1 1 1 a>a a=FI axes:I keepdims:i
ReduceLogSum 18 1-2 1 a,int64>a a=FI keepdims:i noop_with_empty_axes:i
ReduceLogSumExp 1 1 1 a>a a=FI axes:I keepdims:i
ReduceLogSumExp 18 1-2 1 a,int64>a a=FI keepdims:i noop_with_empty_axes:i
ReduceMax 1 1 1 a>a a=FI axes:I keepdims:i
ReduceMax 18 1-2 1 a,int64>a a=FI keepdims:i noop_with_empty_axes:i
ReduceMean 1 1 1 a>a a=FI axes:I keepdims:i
ReduceMean 18 1-2 1 a,int64>a a=FI keepdims:i noop_with_empty_axes:i
ReduceMin 1 1 1 a>a a=FI axes:I keepdims:i
ReduceMin 18 1-2 1 a,int64>a a=FI keepdims:i noop_with_empty_axes:i
ReduceProd 1 1 1 a>a a=FI axes:I keepdims:i
ReduceProd 18 1-2 1 a,int64>a a=FI keepdims:i noop_with_empty_axes:i
ReduceSum 1 1 1 a>a a=FI axes:I keepdims:i
ReduceSum 13 1-2 1 a,int64>a a=FI keepdims:i noop_with_empty_axes:i
ReduceSumSquare 1 1 1 a>a a=FI axes:I keepdims:i
ReduceSumSquare 18 1-2 1 a,int64>a a=FI keepdims:i noop_with_empty_axes:i
RegexFullMatch 20 1 1 S>B pattern:s
Relu 1 1 1 a>a a=F consumed_inputs:I
Relu 6 1 1 a>a a=F
Relu 14 1 1 a>a a=FI
Reshape 1 1 1 a>a a=F consumed_inputs:I shape:I
Reshape 5 2 1 a,int64>a a=*
Reshape 14 2 1 a,int64>a a=* allowzero:i
Resize 10 2 1 a,float32>a a=* mode:s
Resize 11 3-4 1 a,b,float32,int64>a a=* b=F coordinate_transformation_mode:s cubic_coeff_a:f exclude_outside:i extrapolation_value:f mode:s nearest_mode:s
Resize 13 1-4 1 a,b,float32,int64>a a=* b=F coordinate_transformation_mode:s cubic_coeff_a:f exclude_outside:i extrapolation_value:f mode:s nearest_mode:s
Resize 18 1-4 1 a,b,float32,int64>a a=* b=F antialias:i axes:I coordinate_transformation_mode:s cubic_coeff_a:f exclude_outside:i extrapolation_value:f keep_aspect_ratio_policy:s mode:s nearest_mode:s
ReverseSequence 10 2 1 a,int64>a a=* batch_axis:i time_axis:i
RoiAlign 10 3 1 a,a,int64>a a=F mode:s output_height:i output_width:i sampling_ratio:i spatial_scale:f
RoiAlign 16 3 1 a,a,int64>a a=F coordinate_transformation_mode:s mode:s output_height:i output_width:i sampling_ratio:i spatial_scale:f
RotaryEmbedding 23 3-4 1 a,a,a,int64>a a=F interleaved:i num_heads:i rotary_embedding_dim:i
Round 11 1 1 a>a a=F
STFT 17 2-4 1 a,b,a,b>a a=F b=I onesided:i
Scan 8 2-* 1-* int64,*>* body!:g directions:I num_scan_inputs!:i
Scan 9 1-* 1-* *>* body!:g num_scan_inputs!:i scan_input_axes:I scan_input_directions:I scan_output_axes:I scan_output_directions:I
Scatter 9 3 1 a,b,a>a a=* b=I axis:i
Scatter 11 deprecated
ScatterElements 11 3 1 a,b,a>a a=* b=I axis:i
ScatterElements 16 3 1 a,b,a>a a=* b=I axis:i reduction:s
ScatterND 11 3 1 a,int64,a>a a=*
ScatterND 16 3 1 a,int64,a>a a=* reduction:s
Selu 1 1 1 a>a a=F alpha:f consumed_inputs:I gamma:f
Selu 6 1 1 a>a a=F alpha:f gamma:f
SequenceAt 11 2 1 a,b>c a=* b=I c=*
SequenceConstruct 11 1-* 1 a>b a=* b=*
SequenceEmpty 11 0 1 >a a=* dtype:i
SequenceErase 11 1-2 1 a,b>a a=* b=I
SequenceInsert 11 2-3 1 a,b,c>a a=* b=* c=I
SequenceLength 11 1 1 a>int64 a=*
SequenceMap 17 1-* 1-* a,*>* a=* body!:g
Shape 1 1 1 a>int64 a=*
Shape 15 1 1 a>int64 a=* end:i start:i
Shrink 9 1 1 a>a a=FI bias:f lambd:f
Sigmoid 1 1 1 a>a a=F consumed_inputs:I
Sigmoid 6 1 1 a>a a=F
Sign 9 1 1 a>a a=FI
Sin 7 1 1 a>a a=F
Sinh 9 1 1 a>a a=F
Size 1 1 1 a>int64 a=*
Slice 1 1 1 a>a a=* axes:I ends!:I starts!:I
Slice 10 3-5 1 a,b,b,b,b>a a=* b=I
Softmax 1 1 1 a>a a=F axis:i
SoftmaxCrossEntropyLoss 12 2-3 1-2 a,b,a>a,a a=F b=I ignore_index:i reduction:s
Softplus 1 1 1 a>a a=F
Softsign 1 1 1 a>a a=F
SpaceToDepth 1 1 1 a>a a=* blocksize!:i
Split 1 1-2 1-* a,a>a a=F axis:i split:I
Split 2 1 1-* a>a a=* axis:i split:I
Split 13 1-2 1-* a,int64>a a=* axis:i
Split 18 1-2 1-* a,int64>a a=* axis:i num_outputs:i
SplitToSequence 11 1-2 1 a,b>c a=* b=I c=* axis:i keepdims:i
Sqrt 1 1 1 a>a a=F consumed_inputs:I
Sqrt 6 1 1 a>a a=F
Squeeze 1 1 1 a>a a=* axes:I
Squeeze 13 1-2 1 a,int64>a a=*
StringConcat 20 2 1 S,S>S
StringNormalizer 10 1 1 S>S case_change_action:s is_case_sensitive:i locale:s stopwords:S
StringSplit 20 1 2 S>S,int64 delimiter:s maxsplit:i
Sub 1 2 1 a,a>a a=F axis:i broadcast:i consumed_inputs:I
Sub 6 2 1 a,a>a a=FI axis:i broadcast:i
Sub 7 2 1 a,a>a a=FI
Sum 1 1-* 1 a>a a=F consumed_inputs:I
Sum 6 1-* 1 a>a a=F
Swish 24 1 1 a>a a=F alpha:f
Tan 7 1 1 a>a a=F
Tanh 1 1 1 a>a a=F consumed_inputs:I
Tanh 6 1 1 a>a a=F
TensorScatter 24 2-3 1 a,a,int64>a a=* axis:i mode:s
TfIdfVectorizer 9 1 1 a>float32 a=IS max_gram_length!:i max_skip_count!:i min_gram_length!:i mode!:s ngram_counts!:I ngram_indexes!:I pool_int64s:I pool_strings:S weights:F
ThresholdedRelu 1 1 1 *>* alpha:f
ThresholdedRelu 10 1 1 a>a a=F alpha:f
Tile 1 3 1 a,a,a>a a=F
Tile 6 2 1 a,int64>a a=*
TopK 1 1 2 a>a,int64 a=F axis:i k!:i
TopK 10 2 2 a,int64>a,int64 a=F axis:i
TopK 11 2 2 a,int64>a,int64 a=FI axis:i largest:i sorted:i
Transpose 1 1 1 a>a a=* perm:I
Trilu 14 1-2 1 a,int64>a a=* upper:i
Unique 11 1 1-4 a>a,int64,int64,int64 a=* axis:i sorted:i
Unsqueeze 1 1 1 a>a a=* axes!:I
Unsqueeze 13 2 1 a,int64>a a=*
Upsample 1 1 1 a>a a=FIB height_scale!:f mode:s width_scale!:f
Upsample 7 1 1 a>a a=* mode:s scales!:F
Upsample 9 2 1 a,float32>a a=* mode:s
Upsample 10 deprecated
Where 9 3 1 a,b,b>b a=B b=*
Xor 1 2 1 a,a>b a=B b=B axis:i broadcast:i
Xor 7 2 1 a,a>b a=B b=B
`;

/** How many there may be. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/** The kind of an attribute, and whether it must be given. */
export interface AttributeSignature {
  readonly kind: OnnxAttribute['kind'];
  readonly isRequired: boolean;
}

export interface Signature {
  readonly version: number;
  readonly inputs: Range;
  readonly outputs: Range;
  /** A letter in `kinds`, or kinds themselves. */
  readonly inputTypes: readonly string[];
  readonly outputTypes: readonly string[];
  readonly kinds: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, AttributeSignature>>;
}

const KINDS: Readonly<Record<string, OnnxAttribute['kind']>> = {
  f: 'float',
  i: 'int',
  s: 'string',
  t: 'tensor',
  p: 'tensor',
  g: 'graph',
  F: 'floats',
  I: 'ints',
  S: 'strings',
  y: 'other',
};

function rangeOf(text: string): Range {
  const [least = '', most = least] = text.split('-');
  return { least: Number(least), most: most === '*' ? Number.POSITIVE_INFINITY : Number(most) };
}

function attributeOf(text: string): [string, AttributeSignature] {
  const [name = '', kind = ''] = text.split(':');
  return [name.replace('!', ''), { kind: KINDS[kind] as OnnxAttribute['kind'], isRequired: name.endsWith('!') }];
}

function signatureOf(words: readonly string[]): Signature {
  const [version, inputs = '', outputs = '', types = '', ...rest] = words;
  const [inputTypes = '', outputTypes = ''] = types.split('>');
  const split = (text: string): string[] => (text === '' ? [] : text.split(','));
  return {
    version: Number(version),
    inputs: rangeOf(inputs),
    outputs: rangeOf(outputs),
    inputTypes: split(inputTypes),
    outputTypes: split(outputTypes),
    kinds: Object.fromEntries(rest.filter((word) => word.includes('=')).map((word) => word.split('='))),
    attributes: Object.fromEntries(rest.filter((word) => word.includes(':')).map(attributeOf)),
  };
}

/** From a version on: a signature, or that no runtime takes the operator any more. */
type Version = Signature | { readonly version: number; readonly isDeprecated: true };

let table: ReadonlyMap<string, readonly Version[]> | undefined;

function tableOf(): ReadonlyMap<string, readonly Version[]> {
  if (table !== undefined) return table;
  const made = new Map<string, Version[]>();
  for (const line of TEXT.trim().split('\n')) {
    const [name = '', ...words] = line.split(' ');
    const version: Version = words[1] === 'deprecated' ? { version: Number(words[0]), isDeprecated: true } : signatureOf(words);
    made.set(name, [...(made.get(name) ?? []), version]);
  }
  table = made;
  return made;
}

/** All versions of an operator of the standard, the oldest first; `undefined` where ONNX has none of that name. */
export const versionsOf = (operator: string): readonly Version[] | undefined => tableOf().get(operator);

/** The names of all operators. */
export const operatorNames = (): readonly string[] => [...tableOf().keys()];

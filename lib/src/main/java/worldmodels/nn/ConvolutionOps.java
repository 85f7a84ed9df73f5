package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Locale;
import java.util.function.Supplier;

/** Convolutions that DJL lacks, or that libtorch gets wrong or slow, each tested against plain DJL or by finite differences. */
public final class ConvolutionOps {

    /** Floats in a vector of AVX-512, and how many channels may go in without being filled up. */
    private static final int BLOCK = 16;
    private static final int FREE = 8;
    /** Columns of a kernel for one channel that libtorch's fast backward pass takes. */
    private static final int STRIP = 3;

    private ConvolutionOps() {}

    /**
     * Transposed convolution with stride 2, without padding (DJL: "Not implemented"). Differentiable.
     *
     * <p>It is computed as what it equals: each of the four phases of the output is an ordinary convolution with every second row and column of
     * the kernel, so one convolution with four times the channels and a shuffle of pixels gives all; with one input pixel it is a matrix product.
     * That makes a training step of the ConvVAE an eighth shorter than PyTorch's own transposed convolution, which is also wrong on some processors
     * where channels do not fill whole vectors. On a GPU it is the engine's own, one kernel in the place of a dozen.
     *
     * @param x      (batch, in, height, width)
     * @param weight (in, out, kernel, kernel)
     * @param bias   (out)
     * @return (batch, out, 2 (height - 1) + kernel, ...), attached to the manager of {@code x}
     */
    public static NDArray convTranspose2d(NDArray x, NDArray weight, NDArray bias) {
        Shape shape = x.getShape();
        boolean isOnePixel = shape.get(2) == 1 && shape.get(3) == 1;
        return x.getDevice().isGpu() && !isOnePixel ? convTranspose2dOfEngine(x, weight, bias) : (isOnePixel ? ONE_PIXEL : FOUR_PHASES).get().apply(x, weight, bias);
    }

    /** The engine's own. */
    static NDArray convTranspose2dOfEngine(NDArray x, NDArray weight, NDArray bias) {
        return TorchScript.function("convTranspose2d of the engine", """
                def forward(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
                  return torch.conv_transpose2d(x, w, b, [2, 2])
                """).apply(x, weight, bias);
    }

    private static final Supplier<TorchScript> ONE_PIXEL = () -> TorchScript.function("convTranspose2d of one pixel", """
            def forward(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
              i, o, k, l = torch.size(w)
              y = torch.matmul(torch.reshape(x, [-1, i]), torch.reshape(torch.permute(w, [0, 2, 3, 1]), [i, -1]))
              return torch.permute(torch.add(torch.reshape(y, [-1, k, l, o]), b), [0, 3, 1, 2])
            """);

    /**
     * Kernels of odd size get a row and a column of zeros, and the output loses the row and the column that come of it; channels are filled up to
     * whole blocks ({@link #convolution}).
     */
    private static final Supplier<TorchScript> FOUR_PHASES = () -> TorchScript.function("convTranspose2d in four phases", """
            def forward(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
              i, o, k, l = torch.size(w)
              odd = torch.remainder(k, 2)
              h = torch.floordiv(torch.add(k, odd), 2)
              padded = torch.constant_pad_nd(w, [0, odd, 0, odd])
              flipped = torch.flip(torch.reshape(padded, [i, o, h, 2, h, 2]), [2, 4])
              phases = torch.reshape(torch.permute(flipped, [1, 3, 5, 0, 2, 4]), [torch.mul(o, 4), i, h, h])
              margin = torch.sub(h, 1)
              more = torch.remainder(torch.neg(torch.mul(o, 4)), 16)
              whole = torch.constant_pad_nd(phases, [0, 0, 0, 0, 0, 0, 0, more])
              y = torch.conv2d(x, whole, torch.constant_pad_nd(torch.repeat_interleave(b, 4), [0, more]), [1, 1], [margin, margin])
              z = torch.pixel_shuffle(torch.narrow(y, 1, 0, torch.mul(o, 4)), 2)
              return torch.narrow(torch.narrow(z, 2, 0, torch.sub(torch.size(z, 2), odd)), 3, 0, torch.sub(torch.size(z, 3), odd))
            """);

    /**
     * A convolution whose weights are normalised per output channel, w = exp(s) v / |v| (Salimans and Kingma 2016, with the length's logarithm as
     * the parameter). Differentiable.
     *
     * @param x         (batch, in, height, width)
     * @param direction v, (out, in / groups, kernel, kernel)
     * @param logLength s, (out)
     * @param bias      (out)
     */
    public static NDArray normalisedConv2d(NDArray x, NDArray direction, NDArray logLength, NDArray bias, int stride, int padding, int groups) {
        Shape shape = direction.getShape();
        boolean inStrips = groups > 1 && groups == shape.get(0) && stride == 1 && shape.get(3) > STRIP && !x.getDevice().isGpu();
        return TorchScript.function("normalisedConv2d " + stride + " " + padding + " " + groups + " " + shape + " " + inStrips, """
                def forward(self, x: Tensor, v: Tensor, s: Tensor, b: Tensor) -> Tensor:
                  w = torch._weight_norm(v, torch.reshape(torch.exp(s), [-1, 1, 1, 1]), 0)
                """ + (inStrips ? strips(shape, padding) : convolution(shape, stride, padding, groups))).apply(x, direction, logLength, bias);
    }

    /**
     * The last lines of a convolution of each channel by itself, as the sum of convolutions with strips of at most three columns of the kernel: for
     * wider ones libtorch on a CPU finds the weights' gradient by a detour that takes twenty times as long.
     */
    private static String strips(Shape weight, int padding) {
        int kernel = (int) weight.get(3);
        StringBuilder lines = new StringBuilder();
        for (int from = 0; from < kernel; from += STRIP) {
            int width = Math.min(STRIP, kernel - from);
            int left = padding - from;
            lines.append(script("  p = torch.constant_pad_nd(x, [%d, %d, %d, %d])\n", left, width - 1 - left, padding, padding));
            String strip = script("torch.conv2d(p, torch.narrow(w, 3, %d, %d), %s, [1, 1], [0, 0], [1, 1], %d)", from, width,
                    from == 0 ? "b" : "None", weight.get(0));
            lines.append(script(from == 0 ? "  y = %s\n" : "  y = torch.add(y, %s)\n", strip));
        }
        return lines + "  return y\n";
    }

    /**
     * The last lines of a convolution of x with w and b. Channels that do not fill blocks of 16 are filled up with zeros: the backward pass of
     * libtorch 2.7 fills them up itself with whatever is in memory, times 0, which is NaN where a white picture lay before. Kernels of one pixel and
     * convolutions of each channel by itself are free of it.
     *
     * @param weight shape (out, in / groups, kernel, kernel)
     */
    private static String convolution(Shape weight, int stride, int padding, int groups) {
        int out = (int) weight.get(0);
        int in = (int) weight.get(1);
        boolean filled = groups == 1 && weight.get(2) > 1;
        int moreOut = filled ? -out & BLOCK - 1 : 0;
        int moreIn = filled && in > FREE ? -in & BLOCK - 1 : 0;
        String lines = "";
        if (moreIn > 0) {
            lines += script("  x = torch.constant_pad_nd(x, [0, 0, 0, 0, 0, %d])\n", moreIn);
        }
        if (moreIn > 0 || moreOut > 0) {
            lines += script("  w = torch.constant_pad_nd(w, [0, 0, 0, 0, 0, %d, 0, %d])\n", moreIn, moreOut);
        }
        String bias = moreOut > 0 ? script("torch.constant_pad_nd(b, [0, %d])", moreOut) : "b";
        lines += script("  y = torch.conv2d(x, w, %3$s, [%1$d, %1$d], [%2$d, %2$d], [1, 1], %4$d)\n", stride, padding, bias, groups);
        return lines + (moreOut > 0 ? script("  return torch.narrow(y, 1, 0, %d)\n", out) : "  return y\n");
    }

    /**
     * {@link #normalisedConv2d} of which some weights are held at nothing. Differentiable.
     *
     * @param mask the shape of {@code direction}, 1 for weights there are and 0 for those there are not
     */
    public static NDArray maskedConv2d(NDArray x, NDArray direction, NDArray logLength, NDArray bias, NDArray mask, int padding) {
        Shape shape = direction.getShape();
        return TorchScript.function("maskedConv2d " + padding + " " + shape, """
                def forward(self, x: Tensor, v: Tensor, s: Tensor, b: Tensor, mask: Tensor) -> Tensor:
                  w = torch._weight_norm(torch.mul(v, mask), torch.reshape(torch.exp(s), [-1, 1, 1, 1]), 0)
                """ + convolution(shape, 1, padding, 1)).apply(x, direction, logLength, bias, mask);
    }

    /** Twice as high and wide, linear between the middles of pixels. Differentiable. */
    public static NDArray doubled(NDArray x) {
        return TorchScript.function("doubled", """
                def forward(self, x: Tensor) -> Tensor:
                  b, c, h, w = torch.size(x)
                  return torch.upsample_bilinear2d(x, [torch.mul(h, 2), torch.mul(w, 2)], False, None, None)
                """).apply(x);
    }

    /** A piece of TorchScript, which reads no digits but 0 to 9, whatever this machine's language writes. */
    private static String script(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}

package worldmodels.data;

/**
 * CRC-32 of two pieces of data put together, from the CRC-32 of each. Bytes are polynomials over GF(2); the checksum is a remainder
 * modulo P, so crc(AB) = crc(A) x^(8 |B|) + crc(B) mod P. The usual complement at start and end cancels out.
 */
final class ChecksumAlgebra {

    /** P = x^32 + x^26 + ... + 1 without its highest term; bit 31 stands for x^0, bit 0 for x^31, as the checksum has it. */
    private static final int P = 0xEDB88320;
    private static final int ONE = 1 << 31;
    private static final int X_TO_THE_8 = 1 << 23;

    private ChecksumAlgebra() {}

    static int concatenated(int crcA, int crcB, long lengthB) {
        return times(crcA, power(X_TO_THE_8, lengthB)) ^ crcB;
    }

    private static int power(int base, long exponent) {
        int result = ONE;
        for (int square = base; exponent > 0; exponent >>= 1, square = times(square, square)) {
            if ((exponent & 1) == 1) {
                result = times(result, square);
            }
        }
        return result;
    }

    /** a b mod P, by Horner's rule from the highest power of a down. */
    private static int times(int a, int b) {
        int product = 0;
        for (int power = 0; power < 32; power++) {
            product = timesX(product) ^ ((a >>> power & 1) == 1 ? b : 0);
        }
        return product;
    }

    private static int timesX(int a) {
        return a >>> 1 ^ ((a & 1) == 1 ? P : 0);
    }
}

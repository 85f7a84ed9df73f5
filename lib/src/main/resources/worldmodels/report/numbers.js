// Numbers as a page carries them.

// Base64 to bytes, and to numbers of 32 bits.
function bytes(text) {
  return Uint8Array.from(atob(text), c => c.charCodeAt(0));
}

function floats(text) {
  return new Float32Array(bytes(text).buffer);
}

// A matrix of 8-bit numbers: each row is -127 to 127, times the row's own scale.
function matrix({ rows, columns, values, scales }) {
  const whole = new Int8Array(bytes(values).buffer);
  const scale = floats(scales);
  const made = new Float32Array(rows * columns);
  for (let i = 0; i < made.length; i++) made[i] = whole[i] * scale[Math.floor(i / columns)];
  return made;
}

// out = bias + W x
function dense(weights, bias, x) {
  const out = new Float32Array(bias.length);
  for (let row = 0, w = 0; row < out.length; row++) {
    let sum = bias[row];
    for (let i = 0; i < x.length; i++, w++) sum += weights[w] * x[i];
    out[row] = sum;
  }
  return out;
}

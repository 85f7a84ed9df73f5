// V's decoder. Its dense layer and its first transposed convolution have nothing between them that bends, so they are one matrix here.

// A transposed convolution of stride 2 of what is above zero (relu): (side, side, in) to (2 (side - 1) + kernel, ..., out).
function deconvolution({ weight, bias, inputs, kernel }) {
  const rows = matrix(weight);
  const add = floats(bias);
  const outputs = add.length;
  const run = kernel * outputs;
  // From (out, in, y, x) to (in, y, x, out): what one number adds to one line of the picture then lies in a row.
  const w = new Float32Array(rows.length);
  for (let o = 0, from = 0; o < outputs; o++) {
    for (let i = 0; i < inputs * kernel * kernel; i++, from++) w[i * outputs + o] = rows[from];
  }
  return (x, side) => {
    const wide = 2 * (side - 1) + kernel;
    const out = new Float32Array(wide * wide * outputs);
    for (let i = 0; i < out.length; i++) out[i] = add[i % outputs];
    for (let place = 0, at = 0; place < side * side; place++) {
      const corner = 2 * (Math.floor(place / side) * wide + place % side);
      for (let c = 0; c < inputs; c++, at++) {
        const value = x[at];
        if (value <= 0) continue;
        for (let y = 0; y < kernel; y++) {
          const to = (corner + y * wide) * outputs;
          const from = (c * kernel + y) * run;
          for (let i = 0; i < run; i++) out[to + i] += value * w[from + i];
        }
      }
    }
    return out;
  };
}

// z to the 64 x 64 pixels of a canvas.
function decoder({ first, firstBias, side, layers }) {
  const weights = matrix(first);
  const bias = floats(firstBias);
  const deconvolutions = layers.map(deconvolution);
  return z => {
    let x = dense(weights, bias, z);
    let wide = side;
    deconvolutions.forEach((layer, i) => {
      x = layer(x, wide);
      wide = 2 * (wide - 1) + layers[i].kernel;
    });
    const picture = new ImageData(wide, wide);
    for (let i = 0, p = 0; i < x.length; i += 3, p += 4) {
      for (let colour = 0; colour < 3; colour++) picture.data[p + colour] = 255 / (1 + Math.exp(-x[i + colour]));
      picture.data[p + 3] = 255;
    }
    return picture;
  };
}

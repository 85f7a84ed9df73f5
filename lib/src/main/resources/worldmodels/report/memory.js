// M: an LSTM with a mixture of Gaussians for each number of the next z. One episode at a time.

const LOG_SIGMA_BOUND = 7;

function sigmoid(x) {
  return 1 / (1 + Math.exp(-x));
}

function memory({ latent, hidden, mixtures, gates, gateBias, output, outputBias }) {
  const [W, b, V, d] = [matrix(gates), floats(gateBias), matrix(output), floats(outputBias)];
  let h = new Float32Array(hidden);
  let c = new Float32Array(hidden);
  return {
    forget() {
      h.fill(0);
      c.fill(0);
    },
    hidden: () => h,
    // h, c = LSTM([z a], h, c); gates lie in the order input, forget, candidate, output.
    advance(z, action) {
      const sums = dense(W, b, [...z, ...action, ...h]);
      for (let i = 0; i < hidden; i++) {
        c[i] = sigmoid(sums[hidden + i]) * c[i] + sigmoid(sums[i]) * Math.tanh(sums[2 * hidden + i]);
        h[i] = sigmoid(sums[3 * hidden + i]) * Math.tanh(c[i]);
      }
    },
    // What comes next: logits, means and log sigmas (each mixtures x latent), then what heads there are.
    expect: () => dense(V, d, h),
    // The next z: component k with probability softmax(logits / temperature), its noise times the root of the temperature.
    draw(said, temperature, uniform, normal) {
      const block = mixtures * latent;
      return Float32Array.from({ length: latent }, (_, j) => {
        const logits = Array.from({ length: mixtures }, (_, k) => said[k * latent + j]);
        const weights = logits.map(logit => Math.exp((logit - Math.max(...logits)) / temperature));
        let left = uniform() * weights.reduce((sum, w) => sum + w, 0);
        let k = 0;
        while (k < mixtures - 1 && left >= weights[k]) left -= weights[k++];
        const log = Math.min(LOG_SIGMA_BOUND, Math.max(-LOG_SIGMA_BOUND, said[2 * block + k * latent + j]));
        return said[block + k * latent + j] + Math.exp(log) * Math.sqrt(temperature) * normal();
      });
    },
  };
}

// Box and Muller 1958.
function standardNormal() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

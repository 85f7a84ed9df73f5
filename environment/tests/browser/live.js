// Pictures that answer their reader, as a reader uses them: with the mouse and with keys. Each function takes a page of Playwright.

function require(holds, what) {
  if (!holds) throw new Error(what);
}

// Presses Play and Pause of every player on the page and steps through it with the arrow keys; tells how many there were.
export async function tryPlayers(page) {
  const waiting = await page.locator('[data-live]:not([data-started])').count();
  require(waiting === 0, `${waiting} pictures that should be live are not`);
  const players = page.locator('[data-live]:has(button:text-is("Play"))');
  const count = await players.count();
  for (let i = 0; i < count; i++) {
    await tryPlayer(players.nth(i), `player ${i + 1} of ${count}`);
  }
  return count;
}

async function tryPlayer(player, name) {
  const handle = await player.elementHandle();
  const seen = () => handle.evaluate(root => {
    const range = root.querySelector('input');
    const sheets = [...root.querySelectorAll('img')];
    return {
      at: Number(range.value), last: Number(range.max), told: root.querySelector('output').textContent,
      windows: sheets.map(sheet => sheet.parentElement.offsetWidth),
      places: sheets.map(sheet => `${sheet.style.left} ${sheet.style.top}`).join(),
      loaded: sheets.every(sheet => sheet.complete && sheet.naturalWidth > 0),
    };
  });
  const until = async (condition, what) => {
    for (let i = 0; i < 100; i++) {
      const now = await seen();
      if (condition(now)) return now;
      await new Promise(later => setTimeout(later, 50));
    }
    throw new Error(`${name}: ${what} did not happen; it shows ${JSON.stringify(await seen())}`);
  };
  const before = await until(now => now.loaded && now.windows.every(width => width > 0), 'its first frame');
  if (before.last === 0) return;
  const button = await handle.$('button');
  await button.click();
  const playing = await until(now => now.at > 0, 'playing');
  require(playing.places !== before.places, `${name}: the pictures stand still`);
  await button.click();
  const paused = await seen();
  await new Promise(later => setTimeout(later, 200));
  require((await seen()).at === paused.at, `${name}: goes on after Pause`);
  await (await handle.$('input')).focus();
  await player.page().keyboard.press('Home');
  await until(now => now.at === 0 && now.places === before.places, 'going back to its beginning');
  await player.page().keyboard.press('ArrowRight');
  const stepped = await until(now => now.at === 1, 'a step by the arrow key');
  require(stepped.told !== before.told && stepped.places !== before.places, `${name}: the step is not shown`);
}

// Drives in the dream: the page's M is the library's within what the page says, keys take the wheel and give it back, the temperature moves.
export async function tryDreams(page) {
  const dreams = page.locator('[data-live]:has([aria-label^="Drive in the dream"])');
  for (let i = 0; i < await dreams.count(); i++) {
    const root = await dreams.nth(i).elementHandle();
    const seen = async () => root.evaluate(node => {
      const { state, worst, check } = node.dream;
      const canvas = node.querySelector('canvas');
      return {
        driver: state.driver, running: state.running, steps: state.steps, action: [...state.action], temperature: state.temperature, worst,
        tolerance: check.tolerance, colourTolerance: check.colourTolerance, told: node.querySelector('[role=status]').textContent,
        picture: canvas.getContext('2d').getImageData(0, 0, 64, 64).data.reduce((sum, x, i) => (31 * sum + x * (i % 7)) % 1000003, 0),
      };
    });
    await tryDream(page, root, seen);
  }
  return dreams.count();
}

async function tryDream(page, root, seen) {
  const until = async (condition, what) => {
    for (let i = 0; i < 200; i++) {
      const now = await seen();
      if (condition(now)) return now;
      await new Promise(later => setTimeout(later, 50));
    }
    throw new Error(`The dream: ${what} did not happen; it is ${JSON.stringify(await seen())}`);
  };
  const first = await seen();
  const { colours, ...numbers } = first.worst;
  require(Object.values(numbers).every(x => x > 0 && x <= first.tolerance), `The page's M is not the library's: ${JSON.stringify(first.worst)}`);
  require(colours <= first.colourTolerance, `The page's V is not the library's: ${colours} of 255`);
  await (await root.$('button:text-is("Drive")')).click();
  const driven = await until(now => now.steps >= 3 && now.driver === 'C', 'C driving');
  require(driven.picture !== first.picture && driven.action.some(a => a !== 0), 'The dream stands still');
  await page.keyboard.down('ArrowLeft');
  await until(now => now.driver === 'you' && now.action[0] === -1, 'the wheel turning left');
  await page.keyboard.up('ArrowLeft');
  await page.keyboard.down('ArrowUp');
  const straight = await until(now => now.action[0] === 0 && now.action[1] === 1, 'the wheel coming back, and gas');
  require(straight.told.startsWith('You drive'), `It says "${straight.told}"`);
  await page.keyboard.up('ArrowUp');
  await page.keyboard.press('c');
  await until(now => now.driver === 'C' && now.told.startsWith('C drives'), 'giving the wheel back');
  await page.keyboard.press('Space');
  const stopped = await until(now => !now.running, 'the stop');
  await new Promise(later => setTimeout(later, 200));
  require((await seen()).steps === stopped.steps, 'The dream goes on after the stop');
  await page.keyboard.press('r');
  await until(now => now.steps === 0, 'a new beginning');
  await (await root.$('input[aria-label=temperature]')).focus();
  await page.keyboard.press('Home');
  await until(now => now.temperature === 0.1, 'the temperature going down');
}

// Moves every slider of z, of mixtures and of searches, and looks whether the picture follows.
export async function trySliders(page) {
  const tried = { latent: 0, mixture: 0, search: 0 };
  for (const root of await page.$$('[data-live]')) {
    const kind = await root.evaluate(node => ['latent', 'mixture', 'search'].find(name => node[name]));
    if (kind) {
      await TRIES[kind](page, root);
      tried[kind]++;
    }
  }
  return Object.entries(tried).map(([kind, count]) => `${count} ${kind}`).join(', ');
}

const canvasOf = root => root.evaluate(node => node.querySelector('canvas').toDataURL());

async function press(page, root, name, key) {
  await (await root.$(`input[aria-label="${name}"]`)).focus();
  await page.keyboard.press(key);
}

const TRIES = {
  async latent(page, root) {
    const name = await root.evaluate(node => node.querySelector('input').getAttribute('aria-label'));
    const at = Number(name.slice(1));
    const before = await canvasOf(root);
    await press(page, root, name, 'End');
    require(await root.evaluate((node, i) => node.latent.z[i], at) === 3, `${name} is not at the end of its slider`);
    require(await canvasOf(root) !== before, `${name} moved, and the picture did not`);
    await (await root.$('button:text-is("Frame 1")')).click();
    require(await canvasOf(root) === before, 'The first frame does not come back');
  },

  async mixture(page, root) {
    const parts = () => root.evaluate(node => node.mixture.components());
    const before = await parts();
    require(Math.abs(before.reduce((sum, part) => sum + part.weight, 0) - 1) < 1e-6, 'The weights of a mixture do not sum to one');
    const drawn = await canvasOf(root);
    await press(page, root, 'temperature', 'Home');
    const safer = await parts();
    before.forEach((part, i) => require(Math.abs(safer[i].deviation / part.deviation - Math.sqrt(0.1)) < 1e-6, 'The noise does not shrink by the root of the temperature'));
    const heaviest = all => Math.max(...all.map(part => part.weight));
    require(heaviest(safer) >= heaviest(before), 'A low temperature does not make the likeliest component likelier');
    require(await canvasOf(root) !== drawn, 'The temperature moved, and the curve did not');
    await press(page, root, 'step', 'ArrowRight');
    require((await parts())[0].mean !== safer[0].mean, 'The next step has the same mixture');
  },

  async search(page, root) {
    const seen = () => root.evaluate(node => node.search);
    const before = await seen();
    const drawn = await canvasOf(root);
    await (await root.$('button:text-is("Next")')).click();
    const after = await seen();
    require(after.generation === before.generation + 1 && await canvasOf(root) !== drawn, 'Next does not show the next generation');
    await (await root.$('button:text-is("Back")')).click();
    require((await seen()).generation === before.generation, 'Back does not go back');
  },
};

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

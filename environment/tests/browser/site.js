// A reader's walk through the site: node site.js INDEX SCREENSHOTS size ..., INDEX an address that begins with file: or http:, a size wide or narrow.
// The index, the search, a notebook, a table, a figure, what is live. Ends with status 1 at the first thing that is not as it should.

import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { tryDreams, tryPlayers, trySliders } from './live.js';

const [index, screenshots, ...sizes] = process.argv.slice(2);
const SCREENS = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 800 } };
const name = index.startsWith('file:') ? 'file' : 'host';

function require(holds, what) {
  if (!holds) throw new Error(what);
}

// What is broken on a page: pictures that are not there, and a page that is wider than the screen.
async function look(page, where) {
  const seen = await page.evaluate(() => ({
    broken: [...document.images].filter(image => image.complete && image.naturalWidth === 0).map(image => image.src.slice(0, 80)),
    wide: document.documentElement.scrollWidth - window.innerWidth,
    text: document.body.innerText.length,
  }));
  require(seen.broken.length === 0, `${where}: pictures are not shown: ${seen.broken}`);
  require(seen.wide <= 1, `${where} is ${seen.wide} pixels wider than the screen`);
  require(seen.text > 100, `${where} is empty`);
}

// A link is clicked; back when the page that it leads to is loaded. (A click is over when that page begins to come.)
async function follow(page, link) {
  const from = page.url();
  await link.click();
  await page.waitForURL(url => url.href !== from);
}

async function walk(page, size) {
  const shot = what => page.screenshot({ path: join(screenshots, `site-${name}-${size}-${what}.png`) });
  await page.goto(index);
  const entries = await page.locator('ul.results li').count();
  const chapters = await page.locator('h3 a').count();
  require(entries > 0 && chapters > 0, `The index names ${entries} results and ${chapters} notebooks`);
  await look(page, 'The index');
  await shot('index');

  await page.fill('#search', 'temperature dream');
  require(await page.locator('#found a').count() > 0, 'The search for "temperature dream" finds nothing');
  const marked = await page.locator('#found mark').first().innerText();
  require(/temperature|dream/i.test(marked), `The search marks "${marked}"`);
  await shot('search');
  await follow(page, page.locator('#found a').first());
  await look(page, 'The first page found');
  await page.goto(index);
  await page.fill('#search', 'nobodywritesthis');
  require((await page.locator('#found').innerText()).startsWith('0 places'), 'A word that is nowhere is found');

  await page.goto(index);
  for (const [kind, expects] of [['table', 'main table td'], ['figure', 'img.whole'], ['video', 'img.whole']]) {
    const link = page.locator('ul.results li', { has: page.locator(`small:text-matches("^${kind} ")`) }).locator('a').first();
    if (await link.count() === 0) continue;
    await follow(page, link);
    require(await page.locator(expects).count() > 0, `The page of a ${kind} shows none: ${page.url()}`);
    const facts = await page.locator('dl').innerText();
    require(/\b[0-9a-f]{40}\b/.test(facts) && /\d{4}-\d\d-\d\dT/.test(facts), `${page.url()} does not tell its commit and time`);
    await look(page, page.url());
    await shot(kind);
    await follow(page, page.locator('nav.site a').first());
  }

  let dreams = 0;
  const live = page.locator('ul.results li', { has: page.locator('small:text-matches("^live page ")') }).locator('a').first();
  if (await live.count() > 0) {
    await follow(page, live);
    await look(page, page.url());
    await follow(page, page.locator('a:text-is("Open it alone")'));
    await look(page, page.url());
    dreams = await tryDreams(page);
    await shot('live');
    await page.goto(index);
  }

  // The last preset's: what was just executed.
  const notebook = page.locator('h3 a', { hasText: /^0?4 / }).last();
  await follow(page, notebook);
  await page.waitForSelector('mjx-container svg', { timeout: 60_000 });
  await look(page, page.url());
  const players = await tryPlayers(page);
  const sliders = await trySliders(page);
  await shot('notebook');
  await follow(page, page.locator('nav.site a', { hasText: 'next' }));
  await look(page, page.url());
  return `${chapters} notebooks, ${entries} results, ${players} players played, ${dreams} dreams driven, ${sliders}`;
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
let status = 0;
for (const size of sizes) {
  const context = await browser.newContext({ viewport: SCREENS[size] });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', error => errors.push(error.message));
  page.on('request', request => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(new URL('.', index).href)) errors.push(`asks for ${request.url()}`);
  });
  const start = Date.now();
  try {
    const line = await walk(page, size);
    require(errors.length === 0, `A page ${errors[0]}`);
    console.log(`Site, ${name}, ${size}: ${line} (${Math.round((Date.now() - start) / 1000)} s)`);
  } catch (error) {
    await page.screenshot({ path: join(screenshots, 'failed.png') }).catch(() => {});
    console.error(`Site, ${name}, ${size}: ${error.message}`);
    status = 1;
    break;
  } finally {
    await context.close();
  }
}
await browser.close();
process.exit(status);

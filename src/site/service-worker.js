// Keeps the page for when there is no network. The build writes which files it has, and a version that changes with any of them.

const CACHE = `flopwise-${'VERSION'}`;
const FILES = ['FILES'];

addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)));
});

// Pages of the version before are gone by now: an older cache has no reader.
addEventListener('activate', (event) => {
  const isOld = (name) => name.startsWith('flopwise-') && name !== CACHE;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name))))
      .then(() => clients.claim()),
  );
});

const answer = async (request) => {
  const cache = await caches.open(CACHE);
  // Scripts are asked for with an origin, and were kept without: the files are the same.
  return (await cache.match(request, { ignoreSearch: true, ignoreVary: true })) ?? fetch(request);
};

addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'GET' && new URL(request.url).origin === location.origin) event.respondWith(answer(request));
});

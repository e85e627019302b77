/**
 * Draws the map of a page: numbered buttons for the rows of its list, over tiles where the installation has them and over
 * an outline of England where it has none. Nothing is asked of another server but the tiles. What it needs stands in the
 * attributes of the element `.signpost-map`, see map.njk and map-view.ts. When anything fails, the map stays hidden.
 */
const MILE_METRES = 1609.344
/** Circles around the place that was searched; without tiles they show how far things are. */
const RING_MILES = [0.25, 0.5, 1, 2, 5, 10, 20, 50, 100]
const FRACTIONS = { 0.25: '¼ mile', 0.5: '½ mile', 1: '1 mile' }
const RINGS_SHOWN = 2
/** Nearer than this the outline is too rough to be shown: the ground is then one colour. */
const OUTLINE_UP_TO_ZOOM = 9
const CLOSEST = 15
/** Where one place is in England says more than one place on an empty ground. */
const WHOLE_ENGLAND = [
  [49.9, -5.8],
  [55.9, 1.9],
]
const ICON_PIXELS = 30
/** Buttons that lay on each other could not be pressed: so far apart their middles stay, across or down. */
const APART_PIXELS = ICON_PIXELS + 2
const ROUNDS = 300
/** Nothing lies under the buttons that zoom. */
const LEFT_PADDING = 64

const section = document.querySelector('.signpost-map')
if (section) show(section).catch(() => section.setAttribute('hidden', ''))

async function show(section) {
  const data = JSON.parse(section.dataset.map)
  await loadStyles(section.dataset.styles)
  section.hidden = false
  numberRows(data.points)
  if (!location.hash.startsWith('#map')) await isNear(section)
  await import(section.dataset.leaflet)
  const map = draw(window.L, section, data)
  if (location.hash === '#map') section.scrollIntoView()
  if (!section.dataset.tiles) await addOutline(window.L, map, section.dataset.outline)
}

function loadStyles(href) {
  return new Promise((done, failed) => {
    const link = Object.assign(document.createElement('link'), {
      rel: 'stylesheet',
      href,
      onload: done,
      onerror: failed,
    })
    document.head.append(link)
  })
}

/** A phone fetches no map that nobody scrolls to. */
function isNear(element) {
  return new Promise((done) => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return
        observer.disconnect()
        done()
      },
      { rootMargin: '400px' },
    )
    observer.observe(element)
  })
}

/** The numbers of the buttons, before the names in the list; and a way down to the map, where it is not beside the list. */
function numberRows(points) {
  const rows = points.map(({ row }) => row && document.getElementById(row))
  rows.forEach((row, index) => {
    const number = Object.assign(document.createElement('span'), {
      className: 'signpost-map__number',
      textContent: String(index + 1),
    })
    number.setAttribute('aria-hidden', 'true')
    row?.querySelector('h2, h3')?.prepend(number)
  })
  const list = rows.find(Boolean)?.closest('ol, ul')
  if (!list) return
  const link = Object.assign(document.createElement('a'), { href: '#map', textContent: 'See these on a map' })
  const line = Object.assign(document.createElement('p'), { className: 'signpost-map__down' })
  line.append(link)
  list.before(line)
}

function draw(L, section, { origin, points }) {
  const { tiles } = section.dataset
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches
  const map = L.map(section.querySelector('.signpost-map__canvas'), {
    ...{ attributionControl: false, scrollWheelZoom: false, maxZoom: tiles ? 18 : 16, zoomSnap: tiles ? 1 : 0.25 },
    ...{ zoomAnimation: !isStill, fadeAnimation: !isStill, markerZoomAnimation: !isStill, inertia: !isStill },
  })
  const isLost = points.length === 1 && !origin && !tiles
  const shown = isLost ? WHOLE_ENGLAND : [...points, ...(origin ? [origin] : [])].map(placeOf)
  map.fitBounds(L.latLngBounds(shown), {
    paddingTopLeft: [LEFT_PADDING, ICON_PIXELS],
    paddingBottomRight: [ICON_PIXELS, ICON_PIXELS],
    maxZoom: CLOSEST,
    animate: false,
  })
  if (tiles) L.tileLayer(tiles, { maxZoom: 18 }).addTo(map)
  L.control.scale({ imperial: false, position: 'bottomright' }).addTo(map)
  if (origin) addOrigin(L, map, { origin, points, rings: tiles ? [] : ringsFor(origin, points, map) })
  const markers = points.map((point, index) => addPoint(L, map, point, point.row === null ? '' : String(index + 1)))
  keepApart(
    L,
    map,
    points.map((point, index) => ({ place: placeOf(point), marker: markers[index] })),
  )
  return map
}

const placeOf = ({ latitude, longitude }) => [latitude, longitude]

/** The words of a ring stand where fewer places are. */
function addOrigin(L, map, { origin, points, rings }) {
  const icon = L.divIcon({ className: 'signpost-map__origin', iconSize: [20, 20] })
  L.marker(placeOf(origin), { icon, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(map)
  for (const miles of rings) {
    const ring = L.circle(placeOf(origin), {
      radius: miles * MILE_METRES,
      interactive: false,
      className: 'signpost-map__ring',
    })
    ring.addTo(map)
    const words = L.divIcon({
      className: 'signpost-map__ring-words',
      html: FRACTIONS[miles] ?? `${miles} miles`,
      iconSize: [64, 20],
    })
    const { latitude, longitude } = origin
    const [north, south] = [ring.getBounds().getNorth(), ring.getBounds().getSouth()]
    const isBusyNorth = points.filter((point) => point.latitude > latitude).length > points.length / 2
    const ends = (isBusyNorth ? [south, north] : [north, south]).map((end) => [end, longitude])
    const end = ends.find((each) => map.getBounds().contains(each)) ?? ends[0]
    L.marker(end, { icon: words, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(map)
  }
}

/** The largest that the furthest place still reaches. */
function ringsFor(origin, points, map) {
  const furthest = Math.max(...points.map((point) => map.distance(placeOf(origin), placeOf(point)))) / MILE_METRES
  return RING_MILES.filter((miles) => miles <= furthest).slice(-RINGS_SHOWN)
}

function addPoint(L, map, point, number) {
  const button = Object.assign(document.createElement('button'), {
    ...{ type: 'button', className: 'signpost-map__pin', textContent: number },
  })
  button.setAttribute('aria-label', [number ? `${number}: ${point.name}` : point.name, ...point.lines].join(', '))
  button.setAttribute('aria-expanded', 'false')
  const icon = L.divIcon({
    ...{ className: 'signpost-map__icon', html: button },
    ...{ iconSize: [ICON_PIXELS, ICON_PIXELS], popupAnchor: [0, -ICON_PIXELS / 2] },
  })
  // The button takes the keyboard, not the element that Leaflet puts around it.
  const marker = L.marker(placeOf(point), { icon, keyboard: false, riseOnHover: true }).addTo(map)
  marker.bindPopup(popupOf(point), { maxWidth: 180, autoPanPaddingTopLeft: [LEFT_PADDING, 8] })
  addKeyboard(L, map, { button, marker })
  const row = point.row && document.getElementById(point.row)
  row?.addEventListener(
    'mouseenter',
    () => marker.setZIndexOffset(2000) && button.classList.add('signpost-map__pin--on'),
  )
  row?.addEventListener(
    'mouseleave',
    () => marker.setZIndexOffset(0) && button.classList.remove('signpost-map__pin--on'),
  )
  return marker
}

/** Moves buttons that are too near to each other aside, each with a line to its place; anew for every zoom. */
function keepApart(L, map, pins) {
  const lines = L.layerGroup().addTo(map)
  const spread = () => {
    lines.clearLayers()
    const places = pins.map(({ place }) => map.latLngToLayerPoint(place))
    const spots = pushedApart(places)
    pins.forEach(({ place, marker }, index) => {
      const isMoved = Math.hypot(spots[index].x - places[index].x, spots[index].y - places[index].y) > 2
      const spot = isMoved ? map.layerPointToLatLng(L.point(spots[index].x, spots[index].y)) : place
      marker.setLatLng(spot)
      if (isMoved) L.polyline([place, spot], { interactive: false, className: 'signpost-map__stem' }).addTo(lines)
    })
  }
  map.on('zoomend', spread)
  spread()
}

function pushedApart(places) {
  // No two start in the same spot, or nothing would say which way to go.
  const spots = places.map(({ x, y }, index) => ({ x: x + Math.cos(index) * 0.1, y: y + Math.sin(index) * 0.1 }))
  for (let round = 0; round < ROUNDS; round++) {
    let isQuiet = true
    for (let one = 0; one < spots.length; one++) {
      for (let other = 0; other < one; other++) isQuiet = !push(spots[one], spots[other]) && isQuiet
    }
    if (isQuiet) break
  }
  return spots
}

/** Moves two apart, each by half of it, along the shorter way; whether they were too near. */
function push(a, b) {
  const [x, y] = [a.x - b.x, a.y - b.y]
  const [acrossX, acrossY] = [APART_PIXELS - Math.abs(x), APART_PIXELS - Math.abs(y)]
  if (acrossX <= 0.5 || acrossY <= 0.5) return false
  const byX = acrossX < acrossY ? (Math.sign(x) * acrossX) / 2 : 0
  const byY = byX === 0 ? ((Math.sign(y) || 1) * acrossY) / 2 : 0
  Object.assign(a, { x: a.x + byX, y: a.y + byY })
  Object.assign(b, { x: b.x - byX, y: b.y - byY })
  return true
}

function popupOf({ name, href, lines }) {
  const popup = Object.assign(document.createElement('div'), { className: 'signpost-map__popup', tabIndex: -1 })
  const title = document.createElement('p')
  const words = href ? Object.assign(document.createElement('a'), { href, textContent: name }) : name
  const strong = document.createElement('strong')
  strong.append(words)
  title.append(strong)
  popup.append(title, ...lines.map((line) => Object.assign(document.createElement('p'), { textContent: line })))
  return popup
}

/** Opened by a key, the popup takes the focus, and Escape or its close button give it back. */
function addKeyboard(L, map, { button, marker }) {
  let byKey = false
  // Leaflet opens popups on Enter itself; the click of the button would close it again.
  button.addEventListener('keypress', (event) => event.stopPropagation())
  button.addEventListener('click', ({ detail }) => {
    byKey = detail === 0
  })
  button.addEventListener('focus', () => {
    marker.setZIndexOffset(1000)
    map.panInside(marker.getLatLng(), { padding: [ICON_PIXELS, ICON_PIXELS], animate: false })
  })
  button.addEventListener('blur', () => marker.setZIndexOffset(0))
  marker.on('popupopen', ({ popup }) => {
    button.setAttribute('aria-expanded', 'true')
    const content = popup.getContent()
    if (byKey) (content.querySelector('a') ?? content).focus()
    L.DomEvent.on(popup.getElement(), 'keydown', ({ key }) => key === 'Escape' && marker.closePopup())
  })
  marker.on('popupclose', () => {
    button.setAttribute('aria-expanded', 'false')
    if (byKey) button.focus()
    byKey = false
  })
}

async function addOutline(L, map, href) {
  const answer = await fetch(href)
  if (!answer.ok) return
  const outline = L.geoJSON(await answer.json(), { interactive: false, style: { className: 'signpost-map__land' } })
  const suit = () => {
    const isFar = map.getZoom() <= OUTLINE_UP_TO_ZOOM
    if (isFar) outline.addTo(map).bringToBack()
    else outline.remove()
    map.getContainer().classList.toggle('signpost-map__canvas--far', isFar)
  }
  map.on('zoomend', suit)
  suit()
}

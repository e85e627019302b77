/**
 * "Use my location" in a form that searches near a place: sends the form with `latitude` and `longitude` instead of the
 * place. The position is rounded here, before it leaves the browser: to some hundred metres, as the search needs it.
 */
const DECIMALS = 3
const WAIT_MS = 15_000
const REASONS = {
  1: 'You or your browser did not allow it.',
  2: 'Your device does not know where you are.',
  3: 'Your device took too long.',
}

const show = (part) => {
  const button = part.querySelector('button')
  const status = part.querySelector('[role="status"]')
  const form = part.closest('form')
  const place = form?.elements.namedItem('place')
  if (!button || !status || !form) return
  part.hidden = false
  button.addEventListener('click', () => {
    button.disabled = true
    status.textContent = 'Finding where you are.'
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        put(form, 'latitude', coords.latitude.toFixed(DECIMALS))
        put(form, 'longitude', coords.longitude.toFixed(DECIMALS))
        if (place) place.value = ''
        form.requestSubmit()
      },
      ({ code }) => {
        button.disabled = false
        status.textContent = `We cannot use your location. ${REASONS[code] ?? ''} Enter a postcode, town or area instead.`
        place?.focus()
      },
      { maximumAge: 60_000, timeout: WAIT_MS },
    )
  })
}

const put = (form, name, value) => {
  let field = form.elements.namedItem(name)
  if (!field) {
    field = document.createElement('input')
    field.type = 'hidden'
    field.name = name
    form.append(field)
  }
  field.value = value
}

if ('geolocation' in navigator && window.isSecureContext) {
  for (const part of document.querySelectorAll('[data-use-my-location]')) show(part)
}

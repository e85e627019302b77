/** How pages name people and instants, for the features beside this one. */
export { formatDayOf, formatEndIn, formatMoment, formatMomentIn, loadNames } from './pages/time-words.ts'

/**
 * What areas are called that everybody knows by the same code. Names of local authorities are not here: an import may bring
 * them (`areas` of a reference file), and until then their code has to do.
 *
 * Source: NHS England and the Office for National Statistics (Open Government Licence v3.0): regions; integrated care boards
 * by the ODS codes of 2022, as rights and pharmacies have them, and by the ONS codes of April 2026, as postcodes have them.
 */
const REGIONS: Readonly<Record<string, string>> = {
  Y56: 'London',
  Y58: 'South West',
  Y59: 'South East',
  Y60: 'Midlands',
  Y61: 'East of England',
  Y62: 'North West',
  Y63: 'North East and Yorkshire',
}

const BOARDS_BY_ODS_CODE: Readonly<Record<string, string>> = {
  QE1: 'Lancashire and South Cumbria',
  QF7: 'South Yorkshire',
  QGH: 'Herefordshire and Worcestershire',
  QH8: 'Mid and South Essex',
  QHG: 'Bedfordshire, Luton and Milton Keynes',
  QHL: 'Birmingham and Solihull',
  QHM: 'North East and North Cumbria',
  QJ2: 'Derby and Derbyshire',
  QJG: 'Suffolk and North East Essex',
  QJK: 'Devon',
  QJM: 'Lincolnshire',
  QK1: 'Leicester, Leicestershire and Rutland',
  QKK: 'South East London',
  QKS: 'Kent and Medway',
  QM7: 'Hertfordshire and West Essex',
  QMF: 'North East London',
  QMJ: 'North Central London',
  QMM: 'Norfolk and Waveney',
  QNC: 'Staffordshire and Stoke-on-Trent',
  QNQ: 'Frimley',
  QNX: 'Sussex',
  QOC: 'Shropshire, Telford and Wrekin',
  QOP: 'Greater Manchester',
  QOQ: 'Humber and North Yorkshire',
  QOX: 'Bath and North East Somerset, Swindon and Wiltshire',
  QPM: 'Northamptonshire',
  QR1: 'Gloucestershire',
  QRL: 'Hampshire and Isle of Wight',
  QRV: 'North West London',
  QSL: 'Somerset',
  QT1: 'Nottingham and Nottinghamshire',
  QT6: 'Cornwall and the Isles of Scilly',
  QU9: 'Buckinghamshire, Oxfordshire and Berkshire West',
  QUA: 'Black Country',
  QUE: 'Cambridgeshire and Peterborough',
  QUY: 'Bristol, North Somerset and South Gloucestershire',
  QVV: 'Dorset',
  QWE: 'South West London',
  QWO: 'West Yorkshire',
  QWU: 'Coventry and Warwickshire',
  QXU: 'Surrey Heartlands',
  QYG: 'Cheshire and Merseyside',
}

const BOARDS_BY_ONS_CODE: Readonly<Record<string, string>> = {
  E54000008: 'Cheshire and Merseyside',
  E54000010: 'Staffordshire and Stoke-on-Trent',
  E54000011: 'Shropshire, Telford and Wrekin',
  E54000013: 'Lincolnshire',
  E54000015: 'Leicester, Leicestershire and Rutland',
  E54000018: 'Coventry and Warwickshire',
  E54000019: 'Herefordshire and Worcestershire',
  E54000029: 'North East London',
  E54000030: 'South East London',
  E54000031: 'South West London',
  E54000032: 'Kent and Medway',
  E54000036: 'Cornwall and the Isles of Scilly',
  E54000037: 'Devon',
  E54000038: 'Somerset',
  E54000039: 'Bristol, North Somerset and South Gloucestershire',
  E54000040: 'Bath and North East Somerset, Swindon and Wiltshire',
  E54000041: 'Dorset',
  E54000043: 'Gloucestershire',
  E54000048: 'Lancashire and South Cumbria',
  E54000050: 'North East and North Cumbria',
  E54000051: 'Humber and North Yorkshire',
  E54000054: 'West Yorkshire',
  E54000055: 'Birmingham and Solihull',
  E54000057: 'Greater Manchester',
  E54000058: 'Derby and Derbyshire',
  E54000059: 'Northamptonshire',
  E54000060: 'Nottingham and Nottinghamshire',
  E54000061: 'South Yorkshire',
  E54000062: 'Black Country',
  E54000065: 'Central East',
  E54000066: 'Essex',
  E54000067: 'Hampshire and Isle of Wight',
  E54000068: 'Norfolk and Suffolk',
  E54000069: 'Surrey and Sussex',
  E54000070: 'Thames Valley',
  E54000071: 'West and North London',
}

const KNOWN: ReadonlyMap<string, string> = new Map([
  ...Object.entries(REGIONS),
  ...Object.entries(BOARDS_BY_ODS_CODE),
  ...Object.entries(BOARDS_BY_ONS_CODE),
])

/** What an area is called by its code (`QOP` is Greater Manchester); undefined for one that is not in these tables. */
export const knownAreaName = (code: string): string | undefined => KNOWN.get(code)

/** `Greater Manchester (QOP)`: the name that `nameOf` knows with its code, else the code alone. */
export function areaInWords(code: string, nameOf: (code: string) => string | undefined = knownAreaName): string {
  const name = nameOf(code)
  return name === undefined ? code : `${name} (${code})`
}

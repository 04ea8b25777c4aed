import type { Palette, Theme } from './workbook-spec.ts'

/** Palettes that every workbook has. */
export const PALETTES: readonly Palette[] = [
  {
    name: 'clean',
    kind: 'categorical',
    colors: [
      '#0071e3',
      '#34c759',
      '#ff9500',
      '#af52de',
      '#ff2d55',
      '#5ac8fa',
      '#ffcc00',
      '#5856d6',
      '#a2845e',
      '#8e8e93',
    ],
  },
  {
    name: 'clean_blue',
    kind: 'sequential',
    colors: ['#eaf3fd', '#b9d9f8', '#7db8f2', '#3a93ea', '#0071e3', '#004a99'],
  },
  {
    name: 'clean_green',
    kind: 'sequential',
    colors: ['#e9f8ed', '#b5e7c2', '#7dd695', '#34c759', '#248a3d', '#145c28'],
  },
  {
    name: 'clean_gray',
    kind: 'sequential',
    colors: ['#f5f5f7', '#d2d2d7', '#aeaeb2', '#8e8e93', '#636366', '#1d1d1f'],
  },
  {
    name: 'clean_diverging',
    kind: 'diverging',
    colors: ['#d70015', '#ff6961', '#ffc2be', '#f5f5f7', '#b9d9f8', '#3a93ea', '#0058b0'],
  },
  {
    name: 'contrast',
    kind: 'categorical',
    colors: ['#4477aa', '#ee6677', '#228833', '#ccbb44', '#66ccee', '#aa3377', '#bbbbbb'],
  },
]

/** Much white, thin lines, one accent. */
const CLEAN: Theme = {
  name: 'clean',
  fonts: ['SF Pro Text', 'SF Pro Display', 'Helvetica Neue', 'Inter', 'Segoe UI', 'Arial'],
  fontSize: 9,
  titleSize: 13,
  headingSize: 24,
  kpiSize: 28,
  text: '#1d1d1f',
  secondaryText: '#6e6e73',
  accent: '#0071e3',
  background: '#f5f5f7',
  surface: '#ffffff',
  grid: '#e8e8ed',
  axisLine: null,
  border: null,
  padding: 16,
  gap: 8,
  corners: 12,
  categorical: 'clean',
  sequential: 'clean_blue',
  diverging: 'clean_diverging',
}

const DARK: Theme = {
  ...CLEAN,
  name: 'dark',
  text: '#f5f5f7',
  secondaryText: '#a1a1a6',
  accent: '#2997ff',
  background: '#000000',
  surface: '#1d1d1f',
  grid: '#38383d',
}

/** Without a look of its own: white, dark grey text, Arial. */
const PLAIN: Theme = {
  ...CLEAN,
  name: 'plain',
  fonts: ['Arial'],
  text: '#333333',
  secondaryText: '#666666',
  accent: '#4477aa',
  background: '#ffffff',
  grid: '#e6e6e6',
  padding: 4,
  gap: 4,
  corners: 0,
  categorical: 'contrast',
}

export const THEMES: readonly Theme[] = [CLEAN, DARK, PLAIN]

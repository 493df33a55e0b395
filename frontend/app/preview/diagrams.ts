import mermaid from 'mermaid'
import { words } from '../words/index.svelte'

let drawn = 0

/**
 * Draws a diagram, as a picture: in an `img` nothing of it can run, ask the
 * network or restyle the page, whatever the drawing library lets through.
 */
export async function draw(source: string): Promise<HTMLImageElement> {
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    theme: 'neutral',
    fontFamily: 'system-ui, sans-serif',
    suppressErrorRendering: true,
    // Labels in HTML would need the page's styles, which a picture has none of.
    htmlLabels: false,
  })
  const { svg } = await mermaid.render(`diagram-${drawn++}`, source)
  const root = new DOMParser().parseFromString(svg, 'text/html').querySelector('svg')
  if (!root) throw new Error()
  const picture = new Image()
  const { width, height } = root.viewBox.baseVal
  picture.width = Math.ceil(width)
  picture.height = Math.ceil(height)
  root.setAttribute('width', String(width))
  root.setAttribute('height', String(height))
  picture.alt = root.querySelector('title')?.textContent || words().preview.diagram
  picture.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(root))}`
  return picture
}

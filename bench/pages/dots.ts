/** What is compared with: 500 moving arcs, one path a colour, on a canvas of the same size, and nothing else. */
const context = document.querySelector('canvas')!.getContext('2d')!
const colours = ['#2b6cb0', '#bd7400', '#0e8577', '#c4527f', '#338fc7']
const dots = Array.from({ length: 500 }, (_, i) => ({ x: (i * 97) % 904, y: (i * 61) % 652, speed: 0.3 + (i % 7) / 10, colour: i % colours.length }))

function draw(): void {
  context.clearRect(0, 0, 904, 652)
  for (let colour = 0; colour < colours.length; colour++) {
    context.fillStyle = colours[colour]!
    context.beginPath()
    for (const dot of dots) {
      if (dot.colour !== colour) continue
      context.moveTo(dot.x + 7, dot.y)
      context.arc(dot.x, dot.y, 7, 0, Math.PI * 2)
    }
    context.fill()
  }
  for (const dot of dots) dot.x = (dot.x + dot.speed) % 904
  requestAnimationFrame(draw)
}
requestAnimationFrame(draw)
Object.assign(window, { ready: true })

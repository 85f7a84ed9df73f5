// A plane to draw on: coordinates of the data, a frame with numbers at its ends. The picture is as sharp as the screen.
function plane(width, height, box) {
  const canvas = element('canvas', `width: ${width}px; height: ${height}px; max-width: 100%; background: #fff`);
  const sharp = window.devicePixelRatio || 1;
  Object.assign(canvas, { width: width * sharp, height: height * sharp });
  const pen = canvas.getContext('2d');
  pen.scale(sharp, sharp);
  const [left, bottom] = [34, 18];
  const x = value => left + (value - box.x[0]) / (box.x[1] - box.x[0]) * (width - left - 4);
  const y = value => height - bottom - (value - box.y[0]) / (box.y[1] - box.y[0]) * (height - bottom - 4);
  const tick = value => String(Number(value.toPrecision(3)));
  return {
    canvas, pen, x, y,
    clear() {
      pen.clearRect(0, 0, width, height);
      Object.assign(pen, { fillStyle: '#444', strokeStyle: '#bbb', lineWidth: 1, font: '11px sans-serif', textAlign: 'center' });
      pen.strokeRect(left, 4, width - left - 4, height - bottom - 4);
      box.x.forEach((value, i) => { pen.textAlign = i ? 'right' : 'left'; pen.fillText(tick(value), x(value), height - 4); });
      pen.textAlign = 'right';
      box.y.forEach((value, i) => pen.fillText(tick(value), left - 4, y(value) + (i ? 10 : 0)));
    },
    line(points, colour, wide = 1.5) {
      Object.assign(pen, { strokeStyle: colour, lineWidth: wide });
      pen.beginPath();
      points.forEach(([a, b]) => pen.lineTo(x(a), y(b)));
      pen.stroke();
    },
    dot(a, b, colour, size = 3) {
      pen.fillStyle = colour;
      pen.beginPath();
      pen.arc(x(a), y(b), size, 0, 2 * Math.PI);
      pen.fill();
    },
  };
}

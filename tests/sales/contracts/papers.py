"""Files as customers send them."""

from io import BytesIO

from reportlab.pdfgen.canvas import Canvas


def pdf(*pages: str) -> bytes:
    """Return a PDF with a line of text on each page."""
    file = BytesIO()
    canvas = Canvas(file)
    for text in pages:
        canvas.drawString(72, 720, text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()

"""Language models behind OpenAI-compatible servers: asked, their answers checked, or left out."""

"""From a device's clock to session time"""

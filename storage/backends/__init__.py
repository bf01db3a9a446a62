"""Where a project's rows lie"""

"""azure-identity for Python gets its tokens from behalf-idp, and takes its errors for Entra's."""

from flows import *  # noqa: F403

LIBRARY = "azure_identity_python"

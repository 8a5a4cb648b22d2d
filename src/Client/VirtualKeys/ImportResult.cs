namespace KeysCluster.Client;

/// <summary>The result of the import of one key.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="VirtualKeyId">The id of the virtual key; null if the key was refused.</param>
/// <param name="Error">Why the key was refused; null if it was not.</param>
public sealed record ImportResult(ImportStatus Status, string? VirtualKeyId, ImportError? Error);

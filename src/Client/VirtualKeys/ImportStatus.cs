using System.Text.Json.Serialization;

namespace KeysCluster.Client;

/// <summary>The outcome of the import of a key.</summary>
[JsonConverter(typeof(KnownValueConverter<ImportStatus>))]
public enum ImportStatus
{
    /// <summary>A value that this version of the client does not know.</summary>
    Unknown,

    /// <summary>The key was created.</summary>
    Imported,

    /// <summary>The project already has a key with this secret, which was not changed.</summary>
    Unchanged,

    /// <summary>The key was refused.</summary>
    Failed,
}

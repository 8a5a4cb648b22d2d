namespace KeysCluster.Silo.Storage;

/// <summary>A row of the table of states.</summary>
/// <param name="Columns">The columns that identify the row, and its version, by their names.</param>
/// <param name="Payload">The state as it is stored.</param>
internal sealed record StoredState(IReadOnlyDictionary<string, object> Columns, byte[] Payload)
{
    /// <summary>The name of the state, such as <c>virtual-key</c>.</summary>
    public string StateName => (string)Columns["GrainTypeString"];

    /// <summary>The id of the virtual key or project.</summary>
    public string Id => (string)Columns["GrainIdExtensionString"];
}

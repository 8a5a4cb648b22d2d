namespace KeysCluster.Api.Events;

/// <summary>Endpoint metadata: the endpoint can export its list, one object of this type per line.</summary>
internal sealed record ExportMetadata(Type Line);

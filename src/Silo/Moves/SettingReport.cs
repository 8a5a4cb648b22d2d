namespace KeysCluster.Silo.Moves;

/// <summary>A setting that the silos of the cluster need.</summary>
/// <param name="Name">The name, as that of a file in <c>Hosting:SecretsDirectory</c>.</param>
/// <param name="Source">Where its value is, for a person. It is not the value.</param>
public sealed record SettingReport(string Name, string Source);

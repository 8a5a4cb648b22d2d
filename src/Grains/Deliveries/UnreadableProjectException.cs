namespace KeysCluster.Grains.Deliveries;

/// <summary>The state of a project cannot be read, for whatever reason: it concerns no other project.</summary>
internal sealed class UnreadableProjectException(string project, Exception innerException)
    : Exception($"The state of {project} cannot be read.", innerException);

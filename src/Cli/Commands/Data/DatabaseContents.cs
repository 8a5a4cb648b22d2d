namespace KeysCluster.Cli.Commands.Data;

/// <summary>What a database contains, so that a person recognizes it.</summary>
/// <param name="VirtualKeys">The number of virtual keys.</param>
/// <param name="Projects">The number of projects.</param>
/// <param name="LastEventAt">The time of the last change; null if there is none.</param>
internal sealed record DatabaseContents(long VirtualKeys, long Projects, DateTimeOffset? LastEventAt);

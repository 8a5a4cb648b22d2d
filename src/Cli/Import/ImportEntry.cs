using KeysCluster.Client;

namespace KeysCluster.Cli.Import;

/// <summary>A row after its mapping: a key to import, a failure, or one to skip.</summary>
internal sealed record ImportEntry(int Line, ImportVirtualKey? Key, ImportFailure? Failure, SkipReason? Skipped);

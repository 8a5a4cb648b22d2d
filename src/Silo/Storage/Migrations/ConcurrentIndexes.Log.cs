namespace KeysCluster.Silo.Storage.Migrations;

internal static partial class ConcurrentIndexes
{
    [LoggerMessage(311, LogLevel.Information,
        "Creating index {Index} on the events; the silo starts when it is complete. Writers do not wait for it.")]
    private static partial void LogCreatingIndex(ILogger logger, string index);
}

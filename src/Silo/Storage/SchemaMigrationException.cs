using KeysCluster.Hosting;

namespace KeysCluster.Silo.Storage;

/// <summary>The database could not be brought to the schema that this version needs; the node must not start.</summary>
internal sealed class SchemaMigrationException(string message, Exception? innerException = null)
    : StartupException(message, innerException);

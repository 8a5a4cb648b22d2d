using KeysCluster.Grains.Storage;

namespace KeysCluster.Silo.Storage;

/// <summary>Runs writes, and fails those that may not be durable, so that they are not acknowledged.</summary>
internal interface IWriteGuard
{
    /// <exception cref="StateConstraintException">The write violates a rule. Nothing was written.</exception>
    Task ExecuteAsync(Func<Task> writeAsync);
}

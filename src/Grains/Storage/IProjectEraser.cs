namespace KeysCluster.Grains.Storage;

/// <summary>Erases what storage contains of an archived project, in small transactions.</summary>
public interface IProjectEraser
{
    /// <summary>
    /// Erases a batch of the project's virtual keys and then of its events, without the event of the request to erase
    /// it. Can be repeated.
    /// </summary>
    /// <returns>Whether nothing remains to be erased.</returns>
    Task<bool> EraseBatchAsync(string project, CancellationToken cancellationToken);
}

using KeysCluster.Grains.Imports;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Imports;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>Finds the imported secrets among the rows of <see cref="TestStorage"/>.</summary>
internal sealed class TestImportedKeyStore(TestStorage? storage = null) : IImportedKeyStore
{
    private readonly List<StoredHashScheme> _schemes = [];

    /// <summary>The reads and writes, which a test can make fail.</summary>
    public OperationControl Operations { get; } = new();

    public async Task<IReadOnlyDictionary<string, ImportedKey>> FindAsync(
        IReadOnlyCollection<string> hashes, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, ImportedKey>();
        await Operations.RunAsync(() =>
        {
            foreach (var row in storage?.Rows.Where(row => row.StateName == StorageNames.VirtualKey) ?? [])
            {
                var key = row.DeserializeState<VirtualKeyState>();
                foreach (var hash in (key.ImportedHashes ?? []).Where(hashes.Contains))
                    found[hash] = new ImportedKey(VirtualKeyId.Parse(key.Id), ProjectId.Parse(key.ProjectId));
            }

            return Task.CompletedTask;
        });
        return found;
    }

    public async Task<IReadOnlyList<StoredHashScheme>> ListSchemesAsync(CancellationToken cancellationToken)
    {
        await Operations.RunAsync(() => Task.CompletedTask);
        lock (_schemes) return [.. _schemes];
    }

    public Task<StoredHashScheme> AddSchemeAsync(StoredHashScheme scheme, CancellationToken cancellationToken)
    {
        lock (_schemes)
        {
            if (_schemes.Find(other => other.Name == scheme.Name) is { } present) return Task.FromResult(present);
            _schemes.Add(scheme);
            return Task.FromResult(scheme);
        }
    }
}

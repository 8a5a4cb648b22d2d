using KeysCluster.Imports;
using Orleans.Concurrency;

namespace KeysCluster.Grains.Imports;

[StatelessWorker, GrainType("key-import")]
internal sealed class KeyImportGrain(KeyImporter importer) : Grain, IKeyImportGrain
{
    public Task<IReadOnlyList<ImportKeyResult>> Import(IReadOnlyList<ImportKeyCommand> keys) =>
        importer.ImportAsync(keys);
}

using System.Data;
using System.Data.Common;
using System.Text;
using KeysCluster.Grains.Storage;
using Orleans.Configuration;

namespace KeysCluster.Silo.Storage;

/// <summary>
/// Inserts rows as the ADO.NET provider of Orleans does, many in one transaction. The SQL runs on PostgreSQL and on
/// SQLite; the triggers add the rest.
/// </summary>
/// <param name="dataSource">The database.</param>
/// <param name="options">The options of the provider that reads the rows.</param>
/// <param name="serviceId">The Orleans service id.</param>
/// <param name="guard">Fails writes that may not be durable.</param>
internal sealed class StateInserter(
    DbDataSource dataSource, AdoNetGrainStorageOptions options, string serviceId, IWriteGuard guard) : IStateInserter
{
    private const string Sql = """
        INSERT INTO OrleansStorage
            (GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId,
             PayloadBinary, ModifiedOn, Version)
        VALUES (@GrainIdHash, 0, 0, @GrainTypeHash, @StateName, @Key, @ServiceId, @Payload, CURRENT_TIMESTAMP, 1)
        """;

    public Task InsertAsync(
        string stateName, IReadOnlyList<NewState> states, CancellationToken cancellationToken) =>
        guard.ExecuteAsync(() => InsertRowsAsync(stateName, states, cancellationToken));

    private async Task InsertRowsAsync(
        string stateName, IReadOnlyList<NewState> states, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = Sql;
        command.AddParameter("@ServiceId", serviceId);
        command.AddParameter("@StateName", stateName);
        command.AddParameter("@GrainTypeHash", Hash(states[0].Grain, stateName, stateName));
        var idHash = Add(command, "@GrainIdHash", DbType.Int32);
        var key = Add(command, "@Key", DbType.String);
        var payload = Add(command, "@Payload", DbType.Binary);
        foreach (var state in states)
        {
            var text = state.Grain.Key.ToString()!;
            idHash.Value = Hash(state.Grain, stateName, text);
            key.Value = text;
            payload.Value = state.Payload.ToArray();
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static DbParameter Add(DbCommand command, string name, DbType type)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.DbType) = (name, type);
        command.Parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Computes a hash as the provider does, which hashes the reversed bytes of a key.</summary>
    private int Hash(GrainId grain, string stateName, string text)
    {
        // The registration of the provider sets the default.
        var hasher = options.HashPicker!.PickHasher<object>(
            serviceId, stateName, stateName, grain, new GrainState<object>(), null!);
        var bytes = Encoding.UTF8.GetBytes(text);
        if (text != stateName) bytes.AsSpan().Reverse();
        return hasher!.Hash(bytes);
    }
}

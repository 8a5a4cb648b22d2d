using System.Data.Common;

namespace KeysCluster.Silo.Storage;

/// <summary>Facts kept beside the data, on which all nodes of a cluster agree.</summary>
internal sealed class StorageSettings(DbDataSource dataSource)
{
    private const string AddSql =
        "INSERT INTO KeysSettings (Name, Value) VALUES (@Name, @Value) ON CONFLICT (Name) DO NOTHING";

    private const string GetSql = "SELECT Value FROM KeysSettings WHERE Name = @Name";

    /// <summary>Stores the value unless the name has one already.</summary>
    /// <returns>The value that stands: of several callers at once all get the first one's.</returns>
    public async Task<string> GetOrAdd(string name, string value, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var add = connection.CreateCommand();
        add.CommandText = AddSql;
        add.Add("@Name", name);
        add.Add("@Value", value);
        await add.ExecuteNonQueryAsync(cancellationToken);

        // A second statement, because the first one does not see a row that another node has just added.
        await using var get = connection.CreateCommand();
        get.CommandText = GetSql;
        get.Add("@Name", name);
        return (string)(await get.ExecuteScalarAsync(cancellationToken))!;
    }
}

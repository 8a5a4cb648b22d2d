using System.Data.Common;

namespace KeysCluster.Silo.Storage;

/// <summary>Named values in the database on which all silos agree, in the table <c>KeysSettings</c>.</summary>
internal sealed class DatabaseMetadata(DbDataSource dataSource)
{
    private const string AddSql =
        "INSERT INTO KeysSettings (Name, Value) VALUES (@Name, @Value) ON CONFLICT (Name) DO NOTHING";

    private const string GetSql = "SELECT Value FROM KeysSettings WHERE Name = @Name";

    /// <summary>Stores the value unless the name has one.</summary>
    /// <returns>The stored value. Concurrent callers all get the value of the first one.</returns>
    public async Task<string> GetOrAddAsync(string name, string value, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var add = connection.CreateCommand();
        add.CommandText = AddSql;
        add.AddParameter("@Name", name);
        add.AddParameter("@Value", value);
        await add.ExecuteNonQueryAsync(cancellationToken);

        // A separate statement, because the first one does not see a row that another silo has just inserted.
        await using var get = connection.CreateCommand();
        get.CommandText = GetSql;
        get.AddParameter("@Name", name);
        return (string)(await get.ExecuteScalarAsync(cancellationToken))!;
    }
}

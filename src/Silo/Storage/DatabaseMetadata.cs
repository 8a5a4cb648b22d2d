using System.Data.Common;

namespace KeysCluster.Silo.Storage;

/// <summary>Named values in the database on which all silos agree, in the table <c>KeysSettings</c>.</summary>
internal sealed class DatabaseMetadata(DbDataSource dataSource)
{
    private const string AddSql =
        "INSERT INTO KeysSettings (Name, Value) VALUES (@Name, @Value) ON CONFLICT (Name) DO NOTHING";

    private const string GetSql = "SELECT Value FROM KeysSettings WHERE Name = @Name";

    private const string SetSql = "UPDATE KeysSettings SET Value = @Value WHERE Name = @Name";

    private const string ListSql = "SELECT Value FROM KeysSettings WHERE substr(Name, 1, @Length) = @Prefix";

    /// <summary>Stores the value unless the name has one.</summary>
    /// <returns>The stored value. Concurrent callers all get the value of the first one.</returns>
    public async Task<string> GetOrAddAsync(string name, string value, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, AddSql, name, value, cancellationToken);

        // A separate statement, because the first one does not see a row that another silo has just inserted.
        await using var get = connection.CreateCommand();
        get.CommandText = GetSql;
        get.AddParameter("@Name", name);
        return (string)(await get.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Stores the value unless the name has one.</summary>
    /// <returns>Whether the value was stored. Of concurrent callers, one gets true.</returns>
    public async Task<bool> AddAsync(string name, string value, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await ExecuteAsync(connection, AddSql, name, value, cancellationToken) > 0;
    }

    /// <summary>Replaces the value of a name that has one.</summary>
    public async Task SetAsync(string name, string value, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, SetSql, name, value, cancellationToken);
    }

    /// <summary>Returns the values of all names with a prefix.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var list = connection.CreateCommand();
        list.CommandText = ListSql;
        list.AddParameter("@Prefix", prefix);
        list.AddParameter("@Length", prefix.Length);
        await using var reader = await list.ExecuteReaderAsync(cancellationToken);
        var values = new List<string>();
        while (await reader.ReadAsync(cancellationToken)) values.Add(reader.GetString(0));
        return values;
    }

    private static async Task<int> ExecuteAsync(
        DbConnection connection, string sql, string name, string value, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.AddParameter("@Name", name);
        command.AddParameter("@Value", value);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

using System.Data.Common;
using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace KeysCluster.Silo.Moves;

/// <summary>
/// A column of a table that is moved. Its type is that of the cluster's database, where the embedded one has only
/// numbers, texts and bytes.
/// </summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type in PostgreSQL.</param>
internal sealed record MovedColumn(string Name, NpgsqlDbType Type)
{
    // PostgreSQL stores no U+0000. The trigger that writes the same columns from a state replaces it in the same way.
    private const string NullEscape = @"\u0000";
    private const string ReplacementEscape = @"\ufffd";
    private const char Null = '\0';
    private const char Replacement = '\ufffd';

    private const long TicksPerMicrosecond = TimeSpan.TicksPerMicrosecond;

    /// <summary>The expression that reads the column from SQLite. A text may contain U+0000.</summary>
    public string SqliteExpression => Type is NpgsqlDbType.Text or NpgsqlDbType.Jsonb or NpgsqlDbType.TimestampTz
        ? $"CAST({Name} AS BLOB)"
        : Name;

    /// <summary>Returns the column with a type of PostgreSQL's catalog; null if no such type is moved.</summary>
    public static MovedColumn? TryCreate(string name, string dataType)
    {
        NpgsqlDbType? type = dataType switch
        {
            "smallint" => NpgsqlDbType.Smallint,
            "integer" => NpgsqlDbType.Integer,
            "bigint" => NpgsqlDbType.Bigint,
            "text" or "character varying" => NpgsqlDbType.Text,
            "bytea" => NpgsqlDbType.Bytea,
            "jsonb" => NpgsqlDbType.Jsonb,
            "timestamp with time zone" => NpgsqlDbType.TimestampTz,
            _ => null,
        };
        return type is { } known ? new MovedColumn(name, known) : null;
    }

    /// <summary>Returns the value that PostgreSQL is to store.</summary>
    public object? ReadSqlite(DbDataReader reader, int ordinal)
    {
        if (reader.IsDBNull(ordinal)) return null;
        return Type switch
        {
            NpgsqlDbType.Smallint or NpgsqlDbType.Integer or NpgsqlDbType.Bigint => reader.GetInt64(ordinal),
            NpgsqlDbType.Bytea => reader.GetFieldValue<byte[]>(ordinal),
            NpgsqlDbType.TimestampTz => ParseTime(ReadText(reader, ordinal)),
            NpgsqlDbType.Jsonb => CanonicalJson.Format(
                ReadText(reader, ordinal).Replace(NullEscape, ReplacementEscape, StringComparison.Ordinal)),
            _ => ReadText(reader, ordinal).Replace(Null, Replacement),
        };
    }

    /// <summary>Returns the value that PostgreSQL has stored.</summary>
    public object? ReadPostgres(DbDataReader reader, int ordinal)
    {
        if (reader.IsDBNull(ordinal)) return null;
        return Type switch
        {
            NpgsqlDbType.Smallint or NpgsqlDbType.Integer or NpgsqlDbType.Bigint =>
                Convert.ToInt64(reader.GetValue(ordinal), CultureInfo.InvariantCulture),
            NpgsqlDbType.Bytea => reader.GetFieldValue<byte[]>(ordinal),
            NpgsqlDbType.TimestampTz => reader.GetFieldValue<DateTime>(ordinal),
            NpgsqlDbType.Jsonb => CanonicalJson.Format(reader.GetString(ordinal)),
            _ => reader.GetString(ordinal),
        };
    }

    /// <summary>Writes a value in the format of COPY.</summary>
    public Task WriteAsync(NpgsqlBinaryImporter importer, object? value, CancellationToken cancellationToken) =>
        (value, Type) switch
        {
            (null, _) => importer.WriteNullAsync(cancellationToken),
            (long number, NpgsqlDbType.Smallint) =>
                importer.WriteAsync(checked((short)number), Type, cancellationToken),
            (long number, NpgsqlDbType.Integer) => importer.WriteAsync(checked((int)number), Type, cancellationToken),
            (long number, _) => importer.WriteAsync(number, Type, cancellationToken),
            (byte[] bytes, _) => importer.WriteAsync(bytes, Type, cancellationToken),
            (DateTime time, _) => importer.WriteAsync(time, Type, cancellationToken),
            _ => importer.WriteAsync((string)value, Type, cancellationToken),
        };

    private static string ReadText(DbDataReader reader, int ordinal) =>
        Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(ordinal));

    /// <summary>PostgreSQL stores microseconds.</summary>
    private static DateTime ParseTime(string text)
    {
        var time = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).UtcDateTime;
        return time.AddTicks(-(time.Ticks % TicksPerMicrosecond));
    }
}

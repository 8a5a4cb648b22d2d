using System.Collections;
using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace KeysCluster.Silo.Storage.Sqlite;

/// <summary>
/// A reader that reports errors of its later rows and results to the monitor of the database file. It delegates,
/// because <see cref="SqliteDataReader"/> has no public constructor.
/// </summary>
internal sealed class MonitoredSqliteReader(SqliteDataReader reader, SqliteFileMonitor monitor) : DbDataReader
{
    public override int Depth => reader.Depth;

    public override int FieldCount => reader.FieldCount;

    public override bool HasRows => reader.HasRows;

    public override bool IsClosed => reader.IsClosed;

    public override int RecordsAffected => reader.RecordsAffected;

    public override object this[int ordinal] => reader[ordinal];

    public override object this[string name] => reader[name];

    public override bool Read() => Advance(static reader => reader.Read());

    public override bool NextResult() => Advance(static reader => reader.NextResult());

    public override void Close() => reader.Close();

    public override bool IsDBNull(int ordinal) => reader.IsDBNull(ordinal);

    public override T GetFieldValue<T>(int ordinal) => reader.GetFieldValue<T>(ordinal);

    public override object GetValue(int ordinal) => reader.GetValue(ordinal);

    public override int GetValues(object[] values) => reader.GetValues(values);

    public override string GetName(int ordinal) => reader.GetName(ordinal);

    public override int GetOrdinal(string name) => reader.GetOrdinal(name);

    public override Type GetFieldType(int ordinal) => reader.GetFieldType(ordinal);

    public override string GetDataTypeName(int ordinal) => reader.GetDataTypeName(ordinal);

    public override DataTable GetSchemaTable() => reader.GetSchemaTable();

    public override IEnumerator GetEnumerator() => new DbEnumerator(this, closeReader: false);

    public override Stream GetStream(int ordinal) => reader.GetStream(ordinal);

    public override TextReader GetTextReader(int ordinal) => reader.GetTextReader(ordinal);

    public override bool GetBoolean(int ordinal) => reader.GetBoolean(ordinal);

    public override byte GetByte(int ordinal) => reader.GetByte(ordinal);

    public override short GetInt16(int ordinal) => reader.GetInt16(ordinal);

    public override int GetInt32(int ordinal) => reader.GetInt32(ordinal);

    public override long GetInt64(int ordinal) => reader.GetInt64(ordinal);

    public override float GetFloat(int ordinal) => reader.GetFloat(ordinal);

    public override double GetDouble(int ordinal) => reader.GetDouble(ordinal);

    public override decimal GetDecimal(int ordinal) => reader.GetDecimal(ordinal);

    public override char GetChar(int ordinal) => reader.GetChar(ordinal);

    public override string GetString(int ordinal) => reader.GetString(ordinal);

    public override Guid GetGuid(int ordinal) => reader.GetGuid(ordinal);

    public override DateTime GetDateTime(int ordinal) => reader.GetDateTime(ordinal);

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) =>
        reader.GetBytes(ordinal, dataOffset, buffer, bufferOffset, length);

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) =>
        reader.GetChars(ordinal, dataOffset, buffer, bufferOffset, length);

    protected override void Dispose(bool disposing)
    {
        if (disposing) reader.Dispose();
        base.Dispose(disposing);
    }

    private bool Advance(Func<SqliteDataReader, bool> advance)
    {
        try
        {
            return advance(reader);
        }
        catch (SqliteException exception)
        {
            monitor.Report(exception);
            throw;
        }
    }
}

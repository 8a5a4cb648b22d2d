using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace KeysCluster.Silo.Moves;

/// <summary>
/// The number of rows, and the sum of their SHA-256 digests. It does not depend on the order of the rows, which two
/// databases need not have in common.
/// </summary>
internal sealed class RowDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private UInt128 _sum;

    /// <summary>The number of rows.</summary>
    public long Rows { get; private set; }

    /// <summary>Adds a row.</summary>
    /// <param name="values">Each is null, or a <c>long</c>, <c>string</c>, <c>byte[]</c> or <c>DateTime</c>.</param>
    public void Add(IReadOnlyList<object?> values)
    {
        foreach (var value in values)
        {
            switch (value)
            {
                case null:
                    Append(0, []);
                    break;
                case long number:
                    AppendNumber(1, number);
                    break;
                case string text:
                    Append(2, Encoding.UTF8.GetBytes(text));
                    break;
                case byte[] bytes:
                    Append(3, bytes);
                    break;
                case DateTime time:
                    AppendNumber(4, time.Ticks);
                    break;
                default:
                    throw new ArgumentException($"A row has a value of {value.GetType()}.", nameof(values));
            }
        }

        Rows++;
        _sum = unchecked(_sum + BinaryPrimitives.ReadUInt128BigEndian(_hash.GetHashAndReset()));
    }

    /// <summary>Returns the sum in hexadecimal digits.</summary>
    public override string ToString() => _sum.ToString("x32", null);

    public void Dispose() => _hash.Dispose();

    private void AppendNumber(byte type, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        Append(type, bytes);
    }

    /// <summary>The type and the length keep the columns apart.</summary>
    private void Append(byte type, ReadOnlySpan<byte> bytes)
    {
        Span<byte> header = stackalloc byte[1 + sizeof(int)];
        header[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], bytes.Length);
        _hash.AppendData(header);
        _hash.AppendData(bytes);
    }
}

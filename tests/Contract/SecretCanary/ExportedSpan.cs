using System.Text;

namespace KeysCluster.Contract.Tests.SecretCanary;

/// <summary>A span in the protobuf format of OTLP, as far as tests need it.</summary>
/// <param name="Scope">The name of its activity source.</param>
/// <param name="TraceId">The id of its trace, in hex.</param>
/// <param name="Name">Its name.</param>
internal sealed record ExportedSpan(string Scope, string TraceId, string Name)
{
    /// <summary>Parses requests of an exporter, one after the other.</summary>
    public static IReadOnlyList<ExportedSpan> Parse(ReadOnlyMemory<byte> requests) =>
    [
        .. from resourceSpans in ReadFields(requests, 1)
           from scopeSpans in ReadFields(resourceSpans, 2)
           let scope = ReadFields(scopeSpans, 1).SelectMany(scope => ReadFields(scope, 1)).Select(GetText).First()
           from span in ReadFields(scopeSpans, 2)
           select new ExportedSpan(
               scope,
               Convert.ToHexStringLower(ReadFields(span, 1).First().Span),
               GetText(ReadFields(span, 5).First())),
    ];

    private static string GetText(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    /// <summary>Returns the values of a field with a length, such as a message or a text.</summary>
    private static List<ReadOnlyMemory<byte>> ReadFields(ReadOnlyMemory<byte> message, ulong number)
    {
        const int lengthDelimited = 2;
        var fields = new List<ReadOnlyMemory<byte>>();
        while (message.Length > 0)
        {
            var tag = ReadNumber(ref message);
            var wireType = tag & 7;
            var length = wireType switch
            {
                0 => ReadNumber(ref message) * 0,
                1 => 8UL,
                lengthDelimited => ReadNumber(ref message),
                5 => 4UL,
                _ => throw new FormatException($"The wire type {wireType} is not known."),
            };
            if (wireType == lengthDelimited && tag >> 3 == number) fields.Add(message[..(int)length]);
            message = message[(int)length..];
        }

        return fields;
    }

    private static ulong ReadNumber(ref ReadOnlyMemory<byte> bytes)
    {
        var number = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes.Span[0];
            bytes = bytes[1..];
            number |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return number;
        }
    }
}

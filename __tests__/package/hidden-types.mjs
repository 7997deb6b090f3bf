// Prints the types that exported declarations mention and the package does not export: `TYPE of EXPORT`, a line each.
// `node hidden-types.mjs TYPESCRIPT INDEX.d.ts`. In JavaScript: the TypeScript that has this interface is not the one that checks us.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const [, , typescript, index] = process.argv;
const ts = createRequire(import.meta.url)(typescript);
const program = ts.createProgram([index], { module: ts.ModuleKind.NodeNext });
const checker = program.getTypeChecker();
const resolved = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(index))).map(resolved);
const ours = dirname(dirname(index));

function visit(node, owner) {
  // Only our own factories make a refusal.
  if (ts.isConstructorDeclaration(node) && owner === 'Refusal') return;
  if (ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node)) {
    const symbol = checker.getSymbolAtLocation(node.typeName ?? node.expression);
    const target = symbol && resolved(symbol);
    const [declaration] = target?.declarations ?? [];
    const isOurs =
      declaration?.getSourceFile().fileName.startsWith(`${ours}/`) && !ts.isTypeParameterDeclaration(declaration);
    if (isOurs && !exported.includes(target)) console.log(`${target.name} of ${owner}`);
  }
  ts.forEachChild(node, (child) => visit(child, owner));
}

for (const symbol of exported) for (const declaration of symbol.declarations) visit(declaration, symbol.name);
